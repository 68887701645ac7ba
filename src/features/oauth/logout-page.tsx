/** The end session endpoint, and the page that asks the user. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { seal, unseal } from "../../crypto/sealing.ts";
import { verifyRefreshToken } from "../../crypto/tokens.ts";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { limitBody, readForm } from "../../http/body.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { refuseHead } from "../../http/refuse-head.ts";
import { fill } from "../../locales/fill.ts";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { comeAgain } from "../../pages/move-on.tsx";
import { isForeignNavigation } from "../../pages/navigation.ts";
import { showPage, translations } from "../../pages/page.tsx";
import { forgetSession, refreshTokenIn } from "../../pages/session.ts";
import { fillIn } from "../../pages/time.tsx";
import { type Err, err } from "../../result.ts";
import { goTo, showRefusal } from "./authorize-page.tsx";
import { type LogoutDecision, leaveSession } from "./logout.ts";

const PATH = "/oauth/logout";
const ANSWER_PATH = "/oauth/logout/answer";

const Answer = z.strictObject({ request: z.optional(z.string()), user: z.string(), answer: z.enum(["leave", "stay"]) });

export const logoutPages = new Hono<AppEnv>()
  .get(PATH, rateLimit("credentials"), refuseHead("GET, POST"), async (c) => {
    if (c.var.deps.config.COOKIE_SAMESITE === "Strict" && isForeignNavigation(c)) return comeAgain(c, c.req.url);
    const params = await paramsOf(c);
    if (!params) return showLogoutRefusal(c, err("invalid_request"));
    return lead(c, params, await leaveSession(c.var.deps, params, { refreshToken: refreshTokenIn(c).token }));
  })
  // Another site sends this form: the redirect brings the cookies.
  .post(PATH, rateLimit("credentials"), limitBody, async (c) => {
    const form = await readForm(c);
    return form ? goAgain(c, new URLSearchParams(form)) : fail(c, err("malformed_body"));
  })
  .post(ANSWER_PATH, fromOwnPage, rateLimit("credentials"), async (c) => {
    const { parsed } = await readSubmitted(c, Answer);
    if (!parsed.ok) return fail(c, parsed);
    const { request, user, answer } = parsed.value;
    const params = new URLSearchParams(request);
    const { deps } = c.var;
    const refreshToken = refreshTokenIn(c).token;
    const session = verifyRefreshToken(deps.tokens.refreshKeys, refreshToken ?? "", deps.now());
    // Another user may have signed in to this browser since.
    if (session && session.userId !== user) return goAgain(c, params);
    const isAllowed = answer === "leave";
    const decision = await leaveSession(deps, params, { refreshToken, isAllowed });
    if (isAllowed || decision.step !== "ask") return lead(c, params, decision);
    return decision.to ? goTo(c, decision.to) : c.redirect("/account", 303);
  });

/**
 * Sends the browser to the same request by GET. The request is sealed, because it may have an ID
 * token, which says who the user is: URLs stay in logs and histories.
 */
const goAgain = async (c: Context<AppEnv>, params: URLSearchParams) =>
  c.redirect(`${PATH}?request=${await seal(c.var.deps.config.PEPPER, PATH, params.toString())}`, 303);

/** Reads a request. Returns undefined if it was sealed and does not open. */
async function paramsOf(c: Context<AppEnv>): Promise<URLSearchParams | undefined> {
  const params = new URL(c.req.url).searchParams;
  const sealed = params.get("request");
  if (sealed === null) return params;
  const request = await unseal(c.var.deps.config.PEPPER, PATH, sealed);
  return request === undefined ? undefined : new URLSearchParams(request);
}

/** Takes the step that was decided. `params` are those of the request. */
function lead(c: Context<AppEnv>, params: URLSearchParams, decision: LogoutDecision) {
  switch (decision.step) {
    case "page":
      return showLogoutRefusal(c, decision.failure);
    case "ask":
      return showLogout(c, params, decision);
    case "leave":
      if (refreshTokenIn(c).token) forgetSession(c);
      return decision.to ? goTo(c, decision.to) : c.redirect("/signed-out", 303);
  }
}

/** Says that the request is wrong. The user can sign out all the same. */
async function showLogoutRefusal(c: Context<AppEnv>, failure: Err) {
  const { account } = await translations(c);
  return showRefusal(
    c,
    failure,
    <a class="button" href="/sign-out">
      {account.nav.signOut}
    </a>,
  );
}

/** Asks whether to sign out. */
export async function showLogout<E extends AppEnv>(
  c: Context<E>,
  params: URLSearchParams,
  { user, client }: Pick<Extract<LogoutDecision, { step: "ask" }>, "user" | "client">,
) {
  const t = await translations(c);
  const { signOut } = t.apps;
  const children = (
    <>
      {user.name && (
        <div class="chip">
          <p>{fillIn(t.oauth.signedInAs, { name: <strong>{user.name}</strong> })}</p>
        </div>
      )}
      {client && <p>{fill(signOut.lead, { client })}</p>}
      <form method="post" action={ANSWER_PATH}>
        <input type="hidden" name="request" value={params.toString()} />
        <input type="hidden" name="user" value={user.id} />
        <div class="answers">
          <button type="submit" name="answer" value="leave">
            {t.account.nav.signOut}
          </button>
          <button type="submit" name="answer" value="stay" class="secondary">
            {t.sessions.signOut.stay}
          </button>
        </div>
      </form>
    </>
  );
  return showPage(c, { title: client ? signOut.title : t.sessions.signOut.title, children });
}
