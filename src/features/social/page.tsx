/**
 * The way to an identity provider and back. Both ends are redirects; only failures have pages.
 *
 * A state is sealed for the browser that starts, which has a random cookie. Its tabs share it, so
 * that several sign-ins may be under way.
 */
import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { createSecret, isSecret } from "../../crypto/one-time.ts";
import { maxProofSeconds } from "../../crypto/tokens.ts";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { limitBody, readForm } from "../../http/body.ts";
import { pageCookie, remember, remembered, setPageCookie } from "../../http/page-cookies.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { refuseHead } from "../../http/refuse-head.ts";
import { identify } from "../../identity-providers/identify.ts";
import type { IdentityProvider, UpstreamIdentity } from "../../identity-providers/provider.ts";
import { keepSecret } from "../../pages/kept-secret.ts";
import { LINK_PATH, leadOn } from "../../pages/lead-on.ts";
import { comeAgain } from "../../pages/move-on.tsx";
import { carryReturn, givenReturn, parseReturnTo, type ReturnTo, rememberReturn } from "../../pages/return-to.ts";
import { keepSession, previousSession } from "../../pages/session.ts";
import { type Err, err } from "../../result.ts";
import { failSocial } from "./failure-page.tsx";
import { linkProven } from "./identities.ts";
import { beginSignIn, callbackOf, newIdentity, providerOf, signInByIdentity } from "./social.ts";
import { type LinkOwner, openCallback, openLink, openState, STATE_TTL_SECONDS, sealCallback } from "./state.ts";

const CALLBACK_PATH = "/auth/social/:provider/callback";

const COOKIE = "social";

/** A URL of a few kilobytes reaches every browser and server. */
const MAX_POSTED_LENGTH = 4000;

type SocialEnv = AppEnv & { Variables: { provider: IdentityProvider } };
type SocialContext = Context<SocialEnv>;

const knownProvider = createMiddleware<SocialEnv>(async (c, next) => {
  const provider = providerOf(c.var.deps, c.req.param("provider") ?? "");
  if (!provider) return fail(c, err("not_found"));
  c.set("provider", provider);
  return next();
});

/** A part of the API: frontends send the browser here. */
export const socialRoutes = new Hono<SocialEnv>().get(
  "/social/:provider",
  rateLimit("credentials"),
  knownProvider,
  start,
);

export const socialPages = new Hono<SocialEnv>()
  .get(CALLBACK_PATH, rateLimit("credentials"), knownProvider, refuseHead("GET"), async (c) => {
    const { deps, provider } = c.var;
    const posted = c.req.query("posted");
    if (posted) return finish(c, new URLSearchParams(await openCallback(deps, provider, posted)));
    const params = new URL(c.req.url).searchParams;
    const isRepeated = [...params.keys()].length > new Set(params.keys()).size;
    if (deps.config.COOKIE_SAMESITE === "Strict" && !isRepeated)
      return comeAgain(c, await resumeAt(c.var, Object.fromEntries(params)));
    return finish(c, params);
  })
  .post(CALLBACK_PATH, rateLimit("credentials"), knownProvider, limitBody, async (c) => {
    // Another site sends this form, so browsers send no cookies with it. They do with the redirect,
    // a navigation by GET (RFC 6265bis §5.2).
    const { provider } = c.var;
    if (provider.callbackMethod !== "POST") return fail(c, err("not_found"));
    const params = await readForm(c);
    if (!params || JSON.stringify(params).length > MAX_POSTED_LENGTH) return fail(c, err("malformed_body"));
    return c.redirect(await resumeAt(c.var, params), 303);
  });

async function start(c: SocialContext) {
  const { deps, provider } = c.var;
  const sealed = c.req.query("link");
  const link = sealed === undefined ? undefined : await openLink(deps, provider, sealed);
  // The browser must have the session of the user who asked: a link that somebody else has sent
  // would give the sender's account a way in with the visitor's identity, or the reverse.
  if (sealed !== undefined && (!link || previousSession(c) !== link.owner.sessionId))
    return failSocial(c, provider, err("invalid_state"), { isLink: true });

  const known = pageCookie(c, COOKIE) ?? "";
  const browser = isSecret(known) ? known : createSecret();
  const returnTo = link ? link.returnTo : givenReturn(c)?.address;
  const isStepUp = c.req.query("prompt") === "login";
  const maxAgeSeconds = isStepUp ? maxProofSeconds(deps.config) : undefined;
  const begun = await beginSignIn(deps, provider, { browser, returnTo, link, maxAgeSeconds });
  if (!begun.ok)
    return failSocial(c, provider, begun, { returnTo: givenReturn(c), isLink: link !== undefined, isStepUp });
  setPageCookie(c, COOKIE, browser, STATE_TTL_SECONDS);
  if (!link) rememberReturn(c);
  return c.redirect(begun.value.href, 303);
}

async function finish(c: SocialContext, params: URLSearchParams) {
  const { deps, provider } = c.var;
  const browser = pageCookie(c, COOKIE);
  const state = browser ? await openState(deps, provider, browser, params.get("state") ?? "") : undefined;
  if (!state) return failSocial(c, provider, err("invalid_state"));

  const { nonce, codeVerifier, owner, maxAgeSeconds } = state;
  const returnTo = parseReturnTo(c, state.returnTo === "" ? remembered(c, "return_to") : state.returnTo);
  const redirectUri = callbackOf(deps, provider);
  const identified = await identify(deps, provider, params, { redirectUri, nonce, codeVerifier, maxAgeSeconds });
  const way = { returnTo, isLink: owner !== undefined, isStepUp: maxAgeSeconds !== undefined };
  if (!identified.ok) return failSocial(c, provider, identified, way);
  const done = owner
    ? await link(c, identified.value, { owner, returnTo })
    : await signIn(c, identified.value, { nonce, returnTo });
  return done instanceof Response ? done : failSocial(c, provider, done, way);
}

/** Returns the address of a callback whose parameters came without the cookies. */
async function resumeAt({ deps, provider }: SocialEnv["Variables"], params: Record<string, string>) {
  const posted = await sealCallback(deps, provider, params);
  return `${callbackOf(deps, provider)}?${new URLSearchParams({ posted })}`;
}

async function signIn(
  c: SocialContext,
  upstream: UpstreamIdentity,
  { nonce, returnTo }: { nonce: string; returnTo: ReturnTo | undefined },
): Promise<Response | Err> {
  const { deps, provider } = c.var;
  const previousSessionId = previousSession(c);
  const proven = await signInByIdentity(deps, provider, { upstream, nonce, previousSessionId });
  if (proven.step === "sign-up") return { ...err("verification_required") };
  if (proven.step === "sign-in") {
    await keepSecret(c, "pending_link", proven.identity.userId, JSON.stringify(proven.identity));
    if (previousSessionId) return c.redirect(carryReturn(LINK_PATH, returnTo), 303);
    remember(c, "identifier", upstream.email ?? "");
    return c.redirect(carryReturn("/sign-in", returnTo, { link: provider.id }), 303);
  }

  const { tokens, name } = proven;
  // Another request has used the state.
  if (!tokens.ok && tokens.code === "invalid_code") return err("invalid_state");
  return leadOn(c as unknown as Context<AppEnv>, tokens, { identifier: name, returnTo, provider: provider.id });
}

async function link(
  c: SocialContext,
  upstream: UpstreamIdentity,
  { owner, returnTo }: { owner: LinkOwner; returnTo: ReturnTo | undefined },
): Promise<Response | Err> {
  const { deps, provider } = c.var;
  // Another user may have signed in to this browser since.
  if (previousSession(c) !== owner.sessionId) return err("invalid_state");
  const identity = newIdentity(provider, upstream, { userId: owner.userId, at: deps.now() });
  const linked = await linkProven(deps, owner, identity);
  if (!linked.ok) return linked;
  if (linked.value) keepSession(c, linked.value);
  return c.redirect(returnTo?.address ?? "/account/identities?notice=identityLinked", 303);
}
