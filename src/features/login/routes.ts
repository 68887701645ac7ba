import { type Context, Hono } from "hono";
import type { Tokens } from "../../contract/tokens.ts";
import { answer, fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { body } from "../../http/body.ts";
import { ensureLoginBrowser, forgetLoginBrowser, loginBrowser } from "../../http/login-browser.ts";
import { checkOrigin } from "../../http/origin.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { answerSignIn } from "../../http/refresh-cookie.ts";
import type { Result } from "../../result.ts";
import {
  ConfirmTotpEnrollment,
  confirmEnrollment,
  Enroll,
  EnrollPasskey,
  enrollmentOptions,
  enrollPasskey,
  startEnrollment,
} from "./enrollment.ts";
import { Login, login } from "./login.ts";
import { CodeLogin, LinkLogin, loginByCode, loginByLink, RequestLoginCode, requestLoginCode } from "./login-code.ts";
import { PasskeyLogin, signInByPasskey, signInOptions } from "./passkey.ts";
import { ProveSecondFactor, proveSecondFactor, SecondFactorOptions, secondFactorOptions } from "./second-factor.ts";

export const loginRoutes = new Hono<AppEnv>()
  .post("/login", rateLimit("credentials"), body(Login), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, (current) => login(c.var.deps, input, current));
  })
  .post("/login/request-code", rateLimit("messages"), body(RequestLoginCode), async (c) => {
    // Other origins must not bind their links to this browser.
    const refused = c.req.header("origin") === undefined ? undefined : checkOrigin(c);
    if (refused) return fail(c, refused);
    return answer(c, await requestLoginCode(c.var.deps, c.req.valid("json"), ensureLoginBrowser(c)), 202);
  })
  .post("/login/code", rateLimit("credentials"), body(CodeLogin), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, async (current) =>
      forgetBrowser(c, await loginByCode(c.var.deps, input, current)),
    );
  })
  .post("/login/link", rateLimit("credentials"), body(LinkLogin), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, async (previousSessionId) =>
      forgetBrowser(c, await loginByLink(c.var.deps, input, { browser: loginBrowser(c), previousSessionId })),
    );
  })
  .post("/login/second-factor", rateLimit("credentials"), body(ProveSecondFactor), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, (current) => proveSecondFactor(c.var.deps, input, current));
  })
  .post("/login/enroll/totp", rateLimit("credentials"), body(Enroll), async (c) =>
    answer(c, await startEnrollment(c.var.deps, c.req.valid("json"))),
  )
  .post("/login/enroll/totp/confirm", rateLimit("credentials"), body(ConfirmTotpEnrollment), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, (current) => confirmEnrollment(c.var.deps, input, current));
  })
  .post("/login/enroll/passkey/options", rateLimit("credentials"), body(Enroll), async (c) =>
    answer(c, await enrollmentOptions(c.var.deps, c.req.valid("json"))),
  )
  .post("/login/enroll/passkey", rateLimit("credentials"), body(EnrollPasskey), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, (current) => enrollPasskey(c.var.deps, input, current), undefined, 201);
  })
  .post("/login/second-factor/options", rateLimit("credentials"), body(SecondFactorOptions), async (c) =>
    answer(c, await secondFactorOptions(c.var.deps, c.req.valid("json"))),
  )
  .post("/passkeys/options", (c) => answer(c, signInOptions(c.var.deps)))
  .post("/passkeys/login", rateLimit("credentials"), body(PasskeyLogin), (c) => {
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, (current) => signInByPasskey(c.var.deps, input, current));
  });

function forgetBrowser(c: Context<AppEnv>, tokens: Result<Tokens>): Result<Tokens> {
  if (tokens.ok) forgetLoginBrowser(c);
  return tokens;
}
