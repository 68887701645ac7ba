import { type Context, Hono } from "hono";
import { keepOwnFactors, ownFactors } from "../../auth/own-factors.ts";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { type BearerEnv, bearer } from "../../http/bearer.ts";
import { body, optionalBody } from "../../http/body.ts";
import { deletion } from "../../http/deletion.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { answerSignIn } from "../../http/refresh-cookie.ts";
import { CreateRecoveryCodes, renewRecoveryCodes } from "./recovery-codes.ts";
import { addTotp, ConfirmTotp, confirmOwnTotp, RemoveTotp, removeOwnTotp, StartTotp } from "./totp.ts";

const credentials = rateLimit("credentials");

const keepFactors = async (c: Context<BearerEnv>) => answer(c, await keepOwnFactors(c.var.deps, c.var.session), 204);

export const factorRoutes = new Hono<AppEnv>()
  .get("/users/me/factors", bearer, async (c) => answer(c, await ownFactors(c.var.deps, c.var.session)))
  .delete("/users/me/factor-removal", bearer, keepFactors)
  .post("/users/me/factor-removal/delete", bearer, keepFactors)
  .post("/users/me/totp", credentials, bearer, optionalBody(StartTotp), async (c) =>
    answer(c, await addTotp(c.var.deps, c.var.session, c.req.valid("json"))),
  )
  .post("/users/me/totp/confirm", credentials, bearer, body(ConfirmTotp), (c) => {
    const { deps, session } = c.var;
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, () => confirmOwnTotp(deps, session, input), session);
  })
  .route(
    "/",
    deletion("/users/me/totp", RemoveTotp, (c, input) => {
      const { deps, session } = c.var;
      return answerSignIn(c, input.transport, () => removeOwnTotp(deps, session, input), session);
    }),
  )
  .post("/users/me/recovery-codes", credentials, bearer, optionalBody(CreateRecoveryCodes), (c) => {
    const { deps, session } = c.var;
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, () => renewRecoveryCodes(deps, session, input), session);
  });
