import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import { createWorld, createWorldWithJane, ISSUER, PASSWORD } from "../support/world.ts";

const OLD = { ISSUER: "https://auth.example.com", RP_ID: "example.com" };
const NEW = { ...OLD, ISSUER: "https://login.example.com", ALLOWED_HOSTS: "auth.example.com" };
const APP = { origin: "https://app.test" };
const JANE = { identifier: "janedoe", password: PASSWORD };

// docs/domains.md promises it.
it("a move to another domain keeps accounts, sessions of apps and passkeys, and the old host answers", async () => {
  const { world, login } = await createWorldWithJane(OLD);
  const [app, browser] = [await login(), await world.post("/auth/login", { ...JANE, transport: "cookie" }, APP)];
  const cookie =
    browser.headers
      .getSetCookie()
      .join("; ")
      .match(/__Host-refresh_token=[^;]+/)?.[0] ?? "";
  const moved = createWorld(NEW);

  expect((await moved.me(app.access_token)).status).toBe(401);
  const refreshed = await moved.refresh(app.refresh_token);
  expect(decodeJwt(refreshed.json.access_token).iss).toBe(NEW.ISSUER);
  expect((await moved.me(refreshed.json.access_token)).status).toBe(200);
  expect((await moved.post("/auth/login", JANE)).status).toBe(200);
  // Frontends that still call the old host keep their cookie.
  const old = await moved.post(`${OLD.ISSUER}/auth/refresh`, {}, { ...APP, cookie });
  expect(decodeJwt(old.json.access_token).iss).toBe(NEW.ISSUER);
  expect((await moved.post("/auth/passkeys/options", {})).json.rpId).toBe("example.com");
  expect((await moved.get(`${ISSUER}/health`)).status).toBe(421);
});
