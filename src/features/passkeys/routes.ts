import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { body, optionalBody } from "../../http/body.ts";
import { deletion } from "../../http/deletion.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { answerSignIn } from "../../http/refresh-cookie.ts";
import {
  AddPasskey,
  addOwnPasskey,
  newPasskeyOptions,
  ownPasskeys,
  PasskeyOptions,
  RemovePasskey,
  RenamePasskey,
  removeOwnPasskey,
  renameOwnPasskey,
} from "./passkeys.ts";

const credentials = rateLimit("credentials");

export const passkeyRoutes = new Hono<AppEnv>()
  .get("/users/me/passkeys", bearer, async (c) => answer(c, await ownPasskeys(c.var.deps, c.var.session)))
  .post("/users/me/passkeys/options", credentials, bearer, optionalBody(PasskeyOptions), async (c) =>
    answer(c, await newPasskeyOptions(c.var.deps, c.var.session, c.req.valid("json"))),
  )
  .post("/users/me/passkeys", credentials, bearer, body(AddPasskey), (c) => {
    const { deps, session } = c.var;
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, () => addOwnPasskey(deps, session, input), session, 201);
  })
  .patch("/users/me/passkeys/:id", credentials, bearer, body(RenamePasskey), async (c) =>
    answer(c, await renameOwnPasskey(c.var.deps, c.var.session, c.req.param("id"), c.req.valid("json"))),
  )
  .route(
    "/",
    deletion("/users/me/passkeys/:id", RemovePasskey, (c, input) => {
      const { deps, session } = c.var;
      const id = c.req.param("id") ?? "";
      return answerSignIn(c, input.transport, () => removeOwnPasskey(deps, session, id, input), session);
    }),
  );
