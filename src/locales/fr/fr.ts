import type { Messages } from "../en/en.ts";
import { account } from "./account.ts";
import { addressRelease } from "./address-release.ts";
import { apiKeys } from "./api-keys.ts";
import { apps } from "./apps.ts";
import { common } from "./common.ts";
import { enrollment } from "./enrollment.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { factorRemoval } from "./factor-removal.ts";
import { factors } from "./factors.ts";
import { fields } from "./fields.ts";
import { login } from "./login.ts";
import { mailParts } from "./mail-parts.ts";
import { mails } from "./mails.ts";
import { oauth } from "./oauth.ts";
import { passkeys } from "./passkeys.ts";
import { passwordReset } from "./password-reset.ts";
import { register } from "./register.ts";
import { service } from "./service.ts";
import { sessions } from "./sessions.ts";
import { social } from "./social.ts";
import { trustedDevices } from "./trusted-devices.ts";
import { units } from "./units.ts";
import { verification } from "./verification.ts";

/** French. */
export const fr: Messages = {
  mails,
  mailParts,
  units,
  pages: {
    common,
    fields,
    errors,
    login,
    register,
    verification,
    passwordReset,
    addressRelease,
    account,
    factors,
    passkeys,
    social,
    oauth,
    apps,
    apiKeys,
    enrollment,
    factorRemoval,
    trustedDevices,
    sessions,
    events,
    service,
  },
};
