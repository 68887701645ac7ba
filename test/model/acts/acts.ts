import type { Outcome, Play } from "../play.ts";
import type { ActName, Single } from "../steps.ts";
import { ACCOUNT_ACTS } from "./account.ts";
import { AUTHORIZATION_ACTS } from "./authorization.ts";
import { CLIENT_ADMINISTRATION_ACTS } from "./client-administration.ts";
import { CLIENT_TOKEN_ACTS } from "./client-tokens.ts";
import { CODE_ACTS } from "./codes.ts";
import { DEVICE_ACTS } from "./devices.ts";
import { ENROLLMENT_ACTS } from "./enrollment.ts";
import { type Act, ENTRY_ACTS } from "./entry.ts";
import { FACTOR_ACTS } from "./factors.ts";
import { IDENTITY_ACTS } from "./identities.ts";
import { KEY_USE_ACTS } from "./key-uses.ts";
import { KEY_ACTS } from "./keys.ts";
import { SECOND_FACTOR_ACTS } from "./second-factor.ts";
import { SERVICE_ACTS } from "./service.ts";
import { SESSION_ACTS } from "./session.ts";

const ACTS: { [Name in ActName]: Act<Name> } = {
  ...ENTRY_ACTS,
  ...CODE_ACTS,
  ...SECOND_FACTOR_ACTS,
  ...SESSION_ACTS,
  ...ACCOUNT_ACTS,
  ...FACTOR_ACTS,
  ...ENROLLMENT_ACTS,
  ...IDENTITY_ACTS,
  ...AUTHORIZATION_ACTS,
  ...DEVICE_ACTS,
  ...CLIENT_TOKEN_ACTS,
  ...CLIENT_ADMINISTRATION_ACTS,
  ...KEY_ACTS,
  ...KEY_USE_ACTS,
  ...SERVICE_ACTS,
};

/** Performs one act. Returns undefined if the actor lacks something for it. */
export const perform = (play: Play, step: Single): Promise<Outcome | undefined> =>
  (ACTS[step.act] as (play: Play, step: Single) => Promise<Outcome | undefined>)(play, step);
