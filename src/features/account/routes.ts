import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { body } from "../../http/body.ts";
import { problem } from "../../http/problem.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { clearRefreshCookie } from "../../http/refresh-cookie.ts";
import { changeOwnProfile, currentUser, DeleteAccount, deleteOwnAccount, ProfileChange } from "./account.ts";
import {
  ChangeEmail,
  ChangePhone,
  ConfirmAddress,
  confirmAddress,
  requestEmailChange,
  requestPhoneChange,
} from "./address.ts";
import { ownEvents } from "./events.ts";
import { ChangePassword, changePassword } from "./password.ts";

const passwordRoutes = new Hono<AppEnv>().post(
  "/",
  rateLimit("credentials"),
  bearer,
  body(ChangePassword),
  async (c) => {
    const changed = await changePassword(c.var.deps, c.var.auth, c.req.valid("json"));
    return changed.ok ? c.body(null, 204) : problem(c, changed);
  },
);

export const accountRoutes = new Hono<AppEnv>()
  .on("GET", ["/users/me", "/auth/me"], bearer, async (c) => {
    const user = await currentUser(c.var.deps, c.var.auth);
    return user.ok ? c.json(user.value) : problem(c, user);
  })
  .patch("/users/me", bearer, body(ProfileChange), async (c) => {
    const user = await changeOwnProfile(c.var.deps, c.var.auth, c.req.valid("json"));
    return user.ok ? c.json(user.value) : problem(c, user);
  })
  .delete("/users/me", rateLimit("credentials"), bearer, body(DeleteAccount), async (c) => {
    const deleted = await deleteOwnAccount(c.var.deps, c.var.auth, c.req.valid("json"));
    if (!deleted.ok) return problem(c, deleted);
    clearRefreshCookie(c, c.var.auth.sid);
    return c.body(null, 204);
  })
  .route("/users/me/password", passwordRoutes)
  .route("/auth/change-password", passwordRoutes)
  .post("/users/me/email", rateLimit("credentials"), rateLimit("messages"), bearer, body(ChangeEmail), async (c) => {
    const requested = await requestEmailChange(c.var.deps, c.var.auth, c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  })
  .post("/users/me/email/confirm", rateLimit("credentials"), bearer, body(ConfirmAddress), async (c) => {
    const confirmed = await confirmAddress(c.var.deps, c.var.auth, "email", c.req.valid("json"));
    return confirmed.ok ? c.body(null, 204) : problem(c, confirmed);
  })
  .post("/users/me/phone", rateLimit("credentials"), rateLimit("messages"), bearer, body(ChangePhone), async (c) => {
    const requested = await requestPhoneChange(c.var.deps, c.var.auth, c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  })
  .post("/users/me/phone/confirm", rateLimit("credentials"), bearer, body(ConfirmAddress), async (c) => {
    const confirmed = await confirmAddress(c.var.deps, c.var.auth, "phone", c.req.valid("json"));
    return confirmed.ok ? c.body(null, 204) : problem(c, confirmed);
  })
  .get("/users/me/events", bearer, async (c) => {
    const events = await ownEvents(c.var.deps, c.var.auth);
    return events.ok ? c.json(events.value) : problem(c, events);
  });
