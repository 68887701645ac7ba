/**
 * `/auth/login` and `/auth/refresh` as token endpoints (RFC 6749 §4.3, §6), for OAuth libraries and
 * tools.
 *
 * A form is a request of this kind, and its failures are RFC 6749 errors. Both paths take both
 * grants, because most libraries have one URL for them. There are no clients to authenticate, so
 * credentials of one are ignored, in the form and in the `Authorization` header.
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { LoginForm, login } from "../features/login/login.ts";
import { RefreshForm, refresh } from "../features/refresh/refresh.ts";
import { answer, fail } from "../http/answer.ts";
import type { AppEnv } from "../http/app-env.ts";
import { isForm, readForm } from "../http/body.ts";
import { oauthError } from "../http/oauth-error.ts";
import { checkRateLimit } from "../http/rate-limit.ts";
import { answerSignIn } from "../http/refresh-cookie.ts";
import { wantsPage } from "../pages/navigation.ts";
import { err } from "../result.ts";
import { parse } from "../schemas/parse.ts";

type Parameters = Record<string, string>;

/**
 * Renders the failures of a form as RFC 6749 errors, wherever they are found. A person who sent the
 * form of a page gets a page.
 */
const renderOAuthErrors: MiddlewareHandler<AppEnv> = (c, next) => {
  if (isForm(c) && !wantsPage(c)) c.set("renderFailure", oauthError);
  return next();
};

const PATHS = ["/auth/login", "/auth/refresh"];

export const tokenErrors = new Hono<AppEnv>().on("POST", PATHS, renderOAuthErrors);

/** Takes the forms and leaves everything else to the next routes of these paths. */
export const tokenRoutes = new Hono<AppEnv>()
  .post("/login", (c, next) => (isForm(c) ? exchange(c, "password") : next()))
  .post("/refresh", (c, next) => (isForm(c) ? exchange(c, "refresh_token") : next()));

/** Exchanges a grant for tokens. Without `grant_type`, the path says which one it is. */
async function exchange(c: Context<AppEnv>, defaultGrant: string) {
  const sent = await readForm(c);
  if (!sent) return fail(c, err("malformed_body"));
  // RFC 6749 §3.2: a parameter without a value counts as omitted.
  const { grant_type = defaultGrant, ...given } = Object.fromEntries(Object.entries(sent).filter(([, value]) => value));
  if (grant_type === "password") return signIn(c, given);
  if (grant_type === "refresh_token") return renew(c, given);
  return fail(c, err("unsupported_grant_type"));
}

async function signIn(c: Context<AppEnv>, given: Parameters) {
  const { deps } = c.var;
  const refused = await checkRateLimit(deps, "credentials");
  if (refused) return fail(c, refused);
  const input = parse(LoginForm, given);
  if (!input.ok) return fail(c, input);
  return answerSignIn(c, input.value.transport, (current) => login(deps, input.value, current));
}

async function renew(c: Context<AppEnv>, given: Parameters) {
  const input = parse(RefreshForm, given);
  return answer(c, input.ok ? await refresh(c.var.deps, input.value.refresh_token) : input);
}
