/** The authorization endpoint, and the page that asks the user. */
import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import * as z from "zod/mini";
import { verifyRefreshToken } from "../../crypto/tokens.ts";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { limitBody, readForm } from "../../http/body.ts";
import { setLanguage } from "../../http/language-cookie.ts";
import { remember } from "../../http/page-cookies.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { refuseHead } from "../../http/refuse-head.ts";
import { fill } from "../../locales/fill.ts";
import { pickLocale } from "../../locales/locales.ts";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { FormId } from "../../pages/form-parts.tsx";
import { comeAgain, moveOn } from "../../pages/move-on.tsx";
import { isForeignNavigation, isOwnNavigation } from "../../pages/navigation.ts";
import { localeOf, showPage, translations } from "../../pages/page.tsx";
import { askToConfirmIdentity, refreshTokenIn } from "../../pages/session.ts";
import { fillIn } from "../../pages/time.tsx";
import { type Err, err } from "../../result.ts";
import { aboutToSignIn, authorize, type Decision, decide, type Question } from "./authorize.ts";
import { AnotherAccount, Answers, AskedScopes } from "./consent-page.tsx";
import { isLocalApp } from "./redirect-uri.ts";

export const AUTHORIZE_PATH = "/oauth/authorize";
const CONSENT_PATH = "/oauth/consent";

export const authorizePages = new Hono<AppEnv>()
  .get(AUTHORIZE_PATH, rateLimit("credentials"), refuseHead("GET, POST"), async (c) => {
    const { pathname, search, searchParams: params } = new URL(c.req.url);
    if (c.req.header("sec-fetch-site") !== "same-origin") speak(c, params.get("ui_locales"));
    if (c.var.deps.config.COOKIE_SAMESITE === "Strict" && isForeignNavigation(c))
      return comeAgain(c, pathname + search);
    return lead(c, params, await authorize(c.var.deps, params, refreshTokenIn(c).token));
  })
  // OpenID Connect Core §3.1.2.1. Another site sends this form: the redirect brings the cookies.
  .post(AUTHORIZE_PATH, rateLimit("credentials"), limitBody, async (c) => {
    const form = await readForm(c);
    if (!form) return fail(c, err("malformed_body"));
    return c.redirect(`${AUTHORIZE_PATH}?${new URLSearchParams(form)}`, 303);
  })
  .post(CONSENT_PATH, fromOwnPage, rateLimit("credentials"), async (c) => {
    const { parsed } = await readSubmitted(c, Consent);
    if (!parsed.ok) return fail(c, parsed);
    const { request, user, answer } = parsed.value;
    const params = new URLSearchParams(request);
    const refreshToken = refreshTokenIn(c).token;
    // Another user may have signed in to this browser since.
    if (userIn(c) !== user) return lead(c, params, { step: "again" });
    return lead(c, params, await decide(c.var.deps, params, { refreshToken, isAllowed: answer === "allow" }));
  });

/** The user whose session the refresh token in the cookie names. */
const userIn = (c: Context<AppEnv>) =>
  verifyRefreshToken(c.var.deps.tokens.refreshKeys, refreshTokenIn(c).token ?? "", c.var.deps.now())?.userId;

const Consent = z.strictObject({ request: z.string(), user: z.string(), answer: z.enum(["allow", "deny"]) });

/** Takes the step that was decided. `params` are those of the request. */
function lead(c: Context<AppEnv>, params: URLSearchParams, decision: Decision): Response | Promise<Response> {
  switch (decision.step) {
    case "page":
      return showRefusal(c, decision.failure);
    case "answer":
      return goTo(c, decision);
    case "again":
      return c.redirect(`${AUTHORIZE_PATH}?${params}`, 303);
    case "sign-in": {
      if (decision.loginHint) remember(c, "identifier", decision.loginHint.slice(0, MAX_HINT_LENGTH));
      return c.redirect(
        `/${decision.isNew ? "sign-up" : "sign-in"}?${new URLSearchParams({ return_to: again(c, params) })}`,
        303,
      );
    }
    case "confirm":
      return askToConfirmIdentity(c, { to: again(c, params) });
    case "ask":
      return showConsent(c, params, decision.question);
  }
}

/** An email address has at most 254 characters. */
const MAX_HINT_LENGTH = 254;

/** Returns the address to come back to after a sign-in. */
const again = <E extends AppEnv>(c: Context<E>, params: URLSearchParams): string =>
  `${AUTHORIZE_PATH}?${aboutToSignIn(c.var.deps, params)}`;

/**
 * Takes the language that the client asks for (OpenID Connect Core §3.1.2.1), as if it were chosen
 * on a page. A choice on a page comes back with the same request, and goes before it.
 */
function speak(c: Context<AppEnv>, tags: string | null) {
  const locale = pickLocale((tags ?? "").split(" "));
  if (locale && locale !== localeOf(c)) setLanguage(c, locale);
}

/**
 * Sends the browser back to the client. Browsers apply `form-action` to every redirect that follows
 * a form, so at the end of a way through our own forms the page itself moves on.
 */
export function goTo(c: Context<AppEnv>, to: { url: string; client: string }): Response | Promise<Response> {
  return c.req.method === "GET" && !isOwnNavigation(c) ? c.redirect(to.url, 303) : showLeaving(c, to);
}

/** Renders a page that moves on to the client. */
export async function showLeaving<E extends AppEnv>(c: Context<E>, { url, client }: { url: string; client: string }) {
  const { title, link } = (await translations(c)).oauth.leaving;
  return moveOn(c, { url, title: fill(title, { client }), link: fill(link, { client }) });
}

/** Says that a request cannot be answered to its sender, and what to do instead. */
export async function showRefusal<E extends AppEnv>(c: Context<E>, failure: Err, instead?: Child) {
  const t = await translations(c);
  return showPage(c, {
    title: t.oauth.refused.title,
    failure,
    children: (
      <>
        <p>{t.oauth.refused.text}</p>
        {instead}
        <p class="soft">
          {t.errors.titlePrefix} <code>{failure.code}</code>
        </p>
      </>
    ),
  });
}

/** Renders the question of whether the client may have what it asks for. */
export async function showConsent<E extends AppEnv>(c: Context<E>, params: URLSearchParams, question: Question) {
  const t = await translations(c);
  const { client, request, user } = question;
  const { oauth: words } = t;
  const { redirectUri, resource, scopes } = request;
  const host = new URL(redirectUri).host;
  const address = client.kind === "document" ? new URL(client.id).host : host || redirectUri;
  const children = (
    <>
      <AnotherAccount words={words} name={user.name} to={again(c, params)} />
      <p>{fill(client.firstParty ? words.ownLead : words.lead, { client: client.name })}</p>
      {client.kind !== "registered" && (
        <p class="alert">{fillIn(words.unchecked, { host: <strong>{address}</strong> })}</p>
      )}
      <AskedScopes t={t} c={c} scopes={scopes} />
      {resource && <p>{fillIn(words.resource, { host: <strong>{new URL(resource).host}</strong> })}</p>}
      {isLocalApp(redirectUri) && <p class="alert">{words.local}</p>}
      <form method="post" action={CONSENT_PATH}>
        <FormId />
        <input type="hidden" name="request" value={params.toString()} />
        <input type="hidden" name="user" value={user.id} />
        <Answers words={words} />
      </form>
      <p class="soft">
        {!isLocalApp(redirectUri) && <>{fillIn(words.returns, { host: <strong>{host}</strong> })} </>}
        {words.revocable}
      </p>
    </>
  );
  return showPage(c, { title: fill(words.title, { client: client.name }), children });
}
