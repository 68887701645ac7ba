import { Hono } from "hono";
import type { AddressKind } from "../../contract/identifiers.ts";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { body, query } from "../../http/body.ts";
import { deletion } from "../../http/deletion.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { answerSignIn, clearRefreshCookie } from "../../http/refresh-cookie.ts";
import { changeOwnProfile, currentUser, DeleteAccount, deleteOwnAccount, ProfileChange } from "./account.ts";
import {
  ChangeEmail,
  ChangePhone,
  ConfirmAddress,
  confirmAddress,
  RemoveAddress,
  removeOwnAddress,
  requestEmailChange,
  requestPhoneChange,
} from "./address.ts";
import { EventQuery, ownEvents } from "./events.ts";
import { ChangePassword, changePassword, RemovePassword, removeOwnPassword } from "./password.ts";
import {
  Reauthenticate,
  reauthenticationOptions,
  renewAuthentication,
  requestReauthentication,
} from "./reauthentication.ts";

const credentials = rateLimit("credentials");
const messages = rateLimit("messages");

const passwordRoutes = new Hono<AppEnv>().post("/", credentials, bearer, body(ChangePassword), (c) => {
  const { deps, session } = c.var;
  const input = c.req.valid("json");
  return answerSignIn(c, input.transport, () => changePassword(deps, session, input), session);
});

const removal = (kind: AddressKind) =>
  deletion(`/users/me/${kind}`, RemoveAddress, (c, input) => {
    const { deps, session } = c.var;
    return answerSignIn(c, input.transport, () => removeOwnAddress(deps, session, kind, input), session);
  });

export const accountRoutes = new Hono<AppEnv>()
  .on("GET", ["/users/me", "/auth/me"], bearer, async (c) => answer(c, await currentUser(c.var.deps, c.var.session)))
  .patch("/users/me", credentials, bearer, body(ProfileChange), async (c) =>
    answer(c, await changeOwnProfile(c.var.deps, c.var.session, c.req.valid("json"))),
  )
  .route(
    "/",
    deletion("/users/me", DeleteAccount, async (c, input) => {
      const deleted = await deleteOwnAccount(c.var.deps, c.var.session, input);
      if (deleted.ok) clearRefreshCookie(c, c.var.session.sessionId);
      return answer(c, deleted, 204);
    }),
  )
  .route("/", removal("email"))
  .route("/", removal("phone"))
  .route("/users/me/password", passwordRoutes)
  .route(
    "/",
    deletion("/users/me/password", RemovePassword, (c, input) => {
      const { deps, session } = c.var;
      return answerSignIn(c, input.transport, () => removeOwnPassword(deps, session, input), session);
    }),
  )
  .route("/auth/change-password", passwordRoutes)
  .post("/users/me/reauthenticate", credentials, bearer, body(Reauthenticate), (c) => {
    const { deps, session } = c.var;
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, () => renewAuthentication(deps, session, input), session);
  })
  .post("/users/me/reauthenticate/request-code", credentials, messages, bearer, async (c) =>
    answer(c, await requestReauthentication(c.var.deps, c.var.session), 202),
  )
  .post("/users/me/reauthenticate/options", credentials, bearer, async (c) =>
    answer(c, await reauthenticationOptions(c.var.deps, c.var.session)),
  )
  .post("/users/me/email", credentials, messages, bearer, body(ChangeEmail), async (c) =>
    answer(c, await requestEmailChange(c.var.deps, c.var.session, c.req.valid("json")), 202),
  )
  .post("/users/me/email/confirm", credentials, bearer, body(ConfirmAddress), (c) => {
    const { deps, session } = c.var;
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, () => confirmAddress(deps, session, "email", input), session);
  })
  .post("/users/me/phone", credentials, messages, bearer, body(ChangePhone), async (c) =>
    answer(c, await requestPhoneChange(c.var.deps, c.var.session, c.req.valid("json")), 202),
  )
  .post("/users/me/phone/confirm", credentials, bearer, body(ConfirmAddress), (c) => {
    const { deps, session } = c.var;
    const input = c.req.valid("json");
    return answerSignIn(c, input.transport, () => confirmAddress(deps, session, "phone", input), session);
  })
  .get("/users/me/events", bearer, query(EventQuery), async (c) =>
    answer(c, await ownEvents(c.var.deps, c.var.session, c.req.valid("query"))),
  );
