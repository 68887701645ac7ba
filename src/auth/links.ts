import type { SecretPurpose } from "../contract/messages.ts";
import { digestOfSecret, isSecret } from "../crypto/one-time.ts";
import type { Deps } from "../deps.ts";
import { findLink } from "../storage/secrets.ts";

/** Finds the link with this token that can still be used. Looking it up does not use it. */
export const findOpenLink = async (deps: Deps, purpose: SecretPurpose, token: string) =>
  isSecret(token) ? findLink(deps.db, purpose, digestOfSecret(token), deps.now()) : undefined;
