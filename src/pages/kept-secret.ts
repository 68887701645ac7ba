/**
 * Secrets that a page shows after the act of another one: the setup of an authenticator app, new
 * recovery codes, and a new API key. They are in a cookie, sealed for their user, until the user
 * has saved them. At a sign-in, the login token takes the place of the user's id. An identity whose
 * user has to sign in before it is linked is kept in the same way.
 */
import type { Context } from "hono";
import { seal, unseal } from "../crypto/sealing.ts";
import type { AppEnv } from "../http/app-env.ts";
import { dropPageCookie, pageCookie, setPageCookie } from "../http/page-cookies.ts";

/** Where new recovery codes are shown, until their user says that they are saved. */
export const CODES_PATH = "/account/recovery-codes";

type Kept = "totp_setup" | "recovery_codes" | "api_key" | "pending_link";

/** As long as the setup of an app is valid. */
const TTL_SECONDS = 600;

/** A cookie of one kind must not open as one of the other. */
const subjectOf = (name: Kept, userId: string) => `${name} ${userId}`;

/** Seals a secret for its user, with the time at which it expires. */
export const sealSecret = (
  { config, now }: AppEnv["Variables"]["deps"],
  name: Kept,
  userId: string,
  secret: string,
): Promise<string> => seal(config.PEPPER, subjectOf(name, userId), `${now() + TTL_SECONDS * 1000} ${secret}`);

export const keepSecret = async <E extends AppEnv>(c: Context<E>, name: Kept, userId: string, secret: string) =>
  setPageCookie(c, name, await sealSecret(c.var.deps, name, userId, secret), TTL_SECONDS);

/** Returns the secret, unless the cookie is that of another user or too old. */
export async function keptSecret<E extends AppEnv>(
  c: Context<E>,
  name: Kept,
  userId: string,
): Promise<string | undefined> {
  const { config, now } = c.var.deps;
  const sealed = pageCookie(c, name);
  const content = sealed && (await unseal(config.PEPPER, subjectOf(name, userId), sealed));
  const [, expiresAt, secret] = /^(\d+) (.+)$/.exec(content || "") ?? [];
  return Number(expiresAt) > now() ? secret : undefined;
}

export const forgetSecret = (c: Context, name: Kept) => dropPageCookie(c, name);
