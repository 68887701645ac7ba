import { Hono } from "hono";
import { answer, fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { body } from "../../http/body.ts";
import { deletion } from "../../http/deletion.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { answerSignIn } from "../../http/refresh-cookie.ts";
import { parseReturnTo } from "../../pages/return-to.ts";
import { err } from "../../result.ts";
import { LinkIdentity, ownIdentities, startLink, UnlinkIdentity, unlinkOwn } from "./identities.ts";

export const identityRoutes = new Hono<AppEnv>()
  .get("/users/me/identities", bearer, async (c) => answer(c, await ownIdentities(c.var.deps, c.var.session)))
  .post("/users/me/identities", rateLimit("credentials"), bearer, body(LinkIdentity), async (c) => {
    const { return_to, ...input } = c.req.valid("json");
    const returnTo = parseReturnTo(c, return_to)?.address;
    if (return_to && !returnTo) {
      const message = "Must be a page of this service or of an origin in `ALLOWED_ORIGINS`.";
      return fail(c, err("invalid_request", [{ path: "return_to", code: "invalid_value", message }]));
    }
    return answer(c, await startLink(c.var.deps, c.var.session, { ...input, returnTo }));
  })
  .route(
    "/",
    deletion("/users/me/identities/:id", UnlinkIdentity, (c, input) => {
      const { deps, session } = c.var;
      const id = c.req.param("id") ?? "";
      return answerSignIn(c, input.transport, () => unlinkOwn(deps, session, id, input), session);
    }),
  );
