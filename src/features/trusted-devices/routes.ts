import { Hono } from "hono";
import { answer } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { bearer } from "../../http/bearer.ts";
import { distrustDevice, ownTrustedDevices } from "./trusted-devices.ts";

export const trustedDeviceRoutes = new Hono<AppEnv>()
  .get("/users/me/trusted-devices", bearer, async (c) => answer(c, await ownTrustedDevices(c.var.deps, c.var.session)))
  .delete("/users/me/trusted-devices/:id", bearer, async (c) =>
    answer(c, await distrustDevice(c.var.deps, c.var.session, c.req.param("id")), 204),
  );
