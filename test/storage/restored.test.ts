import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { primary } from "../../src/storage/db.ts";
import { endRestored } from "../../src/storage/restored.ts";
import { appCode } from "../support/authenticator.ts";
import { failingD1, interruptedD1 } from "../support/bindings.ts";
import { createDevice, poll, told } from "../support/device.ts";
import { codeFor, register } from "../support/oauth.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { eventTypes } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorldWithJane, dumpTables, restoreTables, stopClock, type World } from "../support/world.ts";

const ERASED = { email: "erased@example.com", password: PASSWORD };
const LATER = { email: "later@example.com", password: PASSWORD };

/** A database as it was before a refresh, a sign-out, a reset, a deletion and a registration. */
async function restored() {
  const { world, login } = await createWorldWithJane(NO_COOLDOWN);
  const { json: erased } = await world.post("/auth/register", ERASED);
  const [kept, ended] = [await login(), await login()];
  await world.post("/auth/forgot-password", { identifier: JANE.username });
  await world.flush();
  const { token: link } = await outbox.last();
  const tables = await dumpTables();

  const { json: next } = await world.refresh(kept.refresh_token);
  await world.logout({ refresh_token: ended.refresh_token });
  await administer(world, "deleteUser", erased.id);
  await world.post("/auth/reset-password", { token: link, new_password: FRESH_PASSWORD });
  world.sent.length = 0;
  await world.post("/auth/register", LATER);
  await restoreTables(tables);
  await outbox.clear();
  return { world, kept, ended, next, link, erased };
}

const reset = (world: World, token: string) =>
  world.post("/auth/reset-password", { token, new_password: "another-horse-7" });
const statuses = (...answers: Promise<{ status: number }>[]) =>
  Promise.all(answers.map(async (answer) => (await answer).status));

/** Runs `npm run after-restore`, one session in a transaction. */
const afterRestore = (database = env.DB) =>
  endRestored(primary(database), 1, { at: Date.now(), ip: null, userAgent: null, caller: "command line" });

/** Its trips: one for codes and devices, then one for each session, and the last finds none. */
const SECOND_SESSION = 3;

describe("a database that was restored to an earlier time", () => {
  it("accepts used refresh tokens, ended sessions, spent links, old passwords and deleted accounts again", async () => {
    const { world, kept, ended, next, link } = await restored();

    expect(await statuses(world.refresh(next.refresh_token), world.refresh(kept.refresh_token))).toEqual([401, 200]);
    // The denylist was not restored.
    expect(await statuses(world.me(ended.access_token), world.refresh(ended.refresh_token))).toEqual([401, 200]);
    expect(await statuses(logIn(world), logIn(world, ERASED.email), reset(world, link))).toEqual([200, 200, 204]);
  });

  it("drops what the queue holds for accounts that it does not know", async () => {
    const { world } = await restored();
    expect(world.sent).toHaveLength(1);

    const { acked } = await world.deliver(world.sent);

    expect([acked.length, await outbox.all()]).toEqual([1, []]);
  });

  it("has no session, open link or deleted account after the documented commands", async () => {
    const { world, kept, ended, next, link, erased } = await restored();

    // Cut off after one session, and repeated.
    await expect(afterRestore(failingD1(env.DB, SECOND_SESSION, "before"))).rejects.toThrow();
    expect([await afterRestore(), await afterRestore()]).toEqual([1, 0]);
    await administer(world, "deleteUser", erased.id);
    stopClock(Date.now() + 11_000);
    await world.schedule();

    for (const { refresh_token, access_token } of [kept, ended, next])
      expect(await statuses(world.refresh(refresh_token), world.me(access_token))).toEqual([401, 401]);
    expect(await statuses(logIn(world), logIn(world, ERASED.email), reset(world, link))).toEqual([200, 401, 400]);
    expect((await eventTypes()).filter((type) => type === "session_revoked")).toHaveLength(2);
  });

  it("accepts no earlier code of a client or of a device", async () => {
    const { world, visitor, device } = await createDevice();
    const code = await codeFor(visitor, await register(world));
    expect(told(await poll(world, device))).toEqual([400, "authorization_pending"]);

    await afterRestore();

    expect(told(await world.form("/oauth/token", code))).toEqual([400, "invalid_grant"]);
    expect(told(await poll(world, device))).toEqual([400, "invalid_grant"]);
  });

  it("asks for the second factor on every device", async () => {
    const { world, app, loginToken } = await people.jane.withApp({ TRUSTED_DEVICE_DAYS: "30" });
    const proof = { login_token: await loginToken(), code: appCode(app.secret, 1), trust_device: true };
    const { device_token } = (await world.post("/auth/login/second-factor", proof)).json;
    const signIn = () => world.post("/auth/login", { identifier: JANE.username, password: PASSWORD, device_token });
    expect((await signIn()).status).toBe(200);

    await afterRestore();

    expect((await signIn()).json.code).toBe("second_factor_required");
  });

  it("keeps the link that a user requests while the command runs", async () => {
    const { world, link } = await restored();
    const request = async () => {
      await world.post("/auth/forgot-password", { identifier: JANE.username });
      await world.flush();
    };

    expect(await afterRestore(interruptedD1(env.DB, SECOND_SESSION, request))).toBe(2);

    const { token } = await outbox.only();
    expect(await statuses(reset(world, link), reset(world, token))).toEqual([400, 204]);
  });
});
