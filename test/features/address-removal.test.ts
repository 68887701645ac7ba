import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox, sentBy } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn, NEW } from "../support/people.ts";
import { firstRow, removePhones, verifyEmails, verifyPhones } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, dumpRows, type World } from "../support/world.ts";

describe("DELETE /users/me/email and /users/me/phone", () => {
  const remove = (world: World, token: string, kind: string, body: object = { password: PASSWORD }) =>
    world.call("DELETE", `/users/me/${kind}`, { token, body });

  it("remove an address, which is notified and no longer signs in or recovers anything", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await verifyEmails();
    await verifyPhones();
    const [own, other] = [await login(), await login()];

    const removed = await remove(world, own.access_token, "phone");
    await world.flush();

    expect((await world.me(removed.json.access_token)).json).toMatchObject({ phone: null, phone_verified: false });
    expect((await outbox.last()).to).toBe("+12025550123");
    expect((await world.refresh(own.refresh_token)).status).toBe(401);
    expect((await world.refresh(other.refresh_token)).status).toBe(401);
    expect((await logIn(world, "+12025550123")).status).toBe(401);
    expect(await sentBy(world, "/auth/request-reset", { phone: "+12025550123" })).toEqual([]);
  });

  it("refuse the only address, and the only proven one, and change nothing", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    await verifyEmails();
    const { access_token } = await login();
    const before = await dumpRows();
    const refused = await remove(world, access_token, "email");
    expect([refused.status, refused.json.code]).toEqual([409, "last_address"]);
    expect((await dumpRows()).slice(0, 4)).toEqual(before.slice(0, 4));

    const { json } = await remove(world, access_token, "phone");
    expect((await remove(world, json.access_token, "email")).json.code).toBe("last_address");
    expect((await remove(world, json.access_token, "phone")).status).toBe(404);
  });

  it("keep the address if the other one is removed meanwhile", async () => {
    const { login } = await createWorldWithJane(NO_COOLDOWN);
    const { access_token } = await login();
    const raced = createWorld({ ...NO_COOLDOWN, DB: interruptedD1(env.DB, 2, removePhones) });

    expect((await remove(raced, access_token, "email")).status).toBe(401);

    expect((await firstRow("users")).email).toBe("jane.doe@example.com");
  });

  it("require the password, and no race leaves an account without an address", async () => {
    const { world, login } = await createWorldWithJane(NO_COOLDOWN);
    const [own, other] = [await login(), await login()];
    expect((await remove(world, own.access_token, "phone", { password: "wrong-horse-7" })).status).toBe(401);

    await Promise.all([remove(world, own.access_token, "phone"), remove(world, other.access_token, "email")]);

    const { email, phone } = await firstRow("users");
    expect([email, phone].filter(Boolean)).toHaveLength(1);
  });
});

describe("an administrator", () => {
  it("removes an address by null, but not the last one", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
    await world.env.DB.exec("update users set contact = 'phone'");

    const removed = await administer(world, "updateUser", jane.id, { phone: null });
    expect(removed.value).toMatchObject({ phone: null, contact: null });
    expect((await administer(world, "updateUser", jane.id, { email: null })).code).toBe("last_address");
    const swapped = await administer(world, "updateUser", jane.id, { email: null, phone: NEW.phone });
    expect(swapped.value).toMatchObject({ email: null, phone: NEW.phone });
  });
});
