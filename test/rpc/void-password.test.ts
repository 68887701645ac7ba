import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { failingD1, interruptedD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn, people } from "../support/people.ts";
import { eventTypes, openSecretCount, rowCount } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

it("voidPassword ends the password, the sessions and the links of a user, and notifies the owner", async () => {
  const { world, jane, login, link, reset } = await people.jane.requestedReset();
  const { access_token: token, refresh_token } = await login();
  await outbox.clear();

  expect(await administer(world, "voidPassword", jane.id)).toEqual({ ok: true });
  await world.flush();

  expect((await eventTypes()).slice(-2)).toEqual(["password_voided", "session_revoked"]);
  expect((await logIn(world)).json.code).toBe("invalid_credentials");
  expect((await world.refresh(refresh_token)).status).toBe(401);
  expect((await world.call("DELETE", "/users/me", { token, body: { password: PASSWORD } })).status).toBe(401);
  expect((await reset(link)).status).toBe(400);
  expect([await rowCount("passwords"), await openSecretCount()]).toEqual([0, 0]);
  expect(await outbox.only()).toMatchObject({ to: "jane.doe@example.com", subject: "Your password was removed" });
});

it("the owner of a voided password gets back in by a link", async () => {
  const { world, jane, request, reset } = await people.jane.requestedReset();
  await administer(world, "voidPassword", jane.id);
  await world.flush();

  const { token } = await request();

  expect((await reset(token)).status).toBe(204);
  expect((await logIn(world, "janedoe", FRESH_PASSWORD)).status).toBe(200);
});

it("a password that is voided while it is checked opens no session", async () => {
  const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
  const DB = interruptedD1(env.DB, 2, () => administer(world, "voidPassword", jane.id));

  const { status, json } = await logIn(createWorld({ DB }));

  expect([status, json.code]).toEqual([401, "invalid_credentials"]);
  expect(await rowCount("sessions")).toBe(0);
});

it("voidPassword changes nothing if the database fails, and succeeds twice", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { jane, login } = await createWorldWithJane();
  await login();
  const before = await dumpRows();

  const broken = createWorld({ DB: failingD1(env.DB, 1, "before") });
  expect(await administer(broken, "voidPassword", jane.id)).toMatchObject({ code: "storage_unavailable" });
  expect(await dumpRows()).toEqual(before);

  for (let n = 0; n < 2; n++) expect(await administer(createWorld(), "voidPassword", jane.id)).toEqual({ ok: true });
});
