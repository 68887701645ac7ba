import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { appCode, postTo } from "../support/authenticator.ts";
import { aroundD1, interruptedD1 } from "../support/bindings.ts";
import { outbox } from "../support/outbox.ts";
import { addPasskey, asserted, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { atOnce, count } from "../support/race.ts";
import { disableUsers, enableUsers, eventCount, rowCount, verifyAddresses, waitingDenials } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, dumpRows, dumpTables, stopClock } from "../support/world.ts";

const DAY = 86_400_000;
const FACTORS = ["totps", "passkeys", "recovery_codes"] as const;

const factorRows = () => Promise.all(FACTORS.map(rowCount));

/** Jane has an app and a passkey, and an administrator has asked to remove them. */
async function lost(settings: Partial<Env> = {}) {
  stopClock(Date.now());
  const jane = await people.jane.withApp(settings);
  const { world, app, call } = jane;
  await verifyAddresses();
  const key = await addPasskey(postTo(world), app.access_token);
  Object.assign(app, { access_token: key.access_token, refresh_token: key.refresh_token });
  await world.flush();
  await outbox.clear();
  const { value } = await administer(world, "removeFactors", jane.jane.id);
  const dueAt = Date.parse(value.removal_due_at);
  /** Runs the schedule when the removal is due. */
  const due = async () => {
    stopClock(dueAt);
    await world.schedule();
  };
  const state = async () => (await call("GET", "/users/me/factors")).json.removal_due_at;
  return { ...jane, id: jane.jane.id, key, dueAt, due, state };
}

describe("the removal of lost second factors", () => {
  it("waits a day, of which every address of the owner is told", async () => {
    const { world, id, dueAt, due, state } = await lost();
    expect(dueAt).toBe(Date.now() + DAY);
    expect(await state()).toBe(new Date(dueAt).toISOString());
    await world.flush();
    const told = await outbox.all();
    expect(told.map(({ to }) => to).sort()).toEqual([JANE.phone, JANE.email].sort());
    expect(told.find(({ to }) => to === JANE.email)).toMatchObject({ subject: "Your second factors will be removed" });

    // Repeating the act neither extends the time nor sends another notice.
    stopClock(dueAt - 1);
    const again = await administer(world, "removeFactors", id);
    expect(again.value.removal_due_at).toBe(new Date(dueAt).toISOString());
    await world.schedule();
    expect([await factorRows(), await eventCount("factor_removal_requested"), world.sent]).toEqual([[1, 1, 10], 1, []]);

    await due();
    expect(await factorRows()).toEqual([0, 0, 0]);
  });

  it("ends every session, voids what was sent, and tells the owner again", async () => {
    const { world, app, dueAt, due } = await lost();
    // What was sent or issued would still be valid.
    stopClock(dueAt - 1000);
    await world.post("/auth/forgot-password", { email: JANE.email });
    await world.flush();
    const link = (await outbox.last()).token;
    const { login_token } = (await logIn(world)).json;
    await outbox.clear();

    await due();

    expect((await world.refresh(app.refresh_token)).status).toBe(401);
    const reset = await world.post("/auth/reset-password", { token: link, new_password: FRESH_PASSWORD });
    expect([reset.status, reset.json.code]).toEqual([400, "invalid_token"]);
    const second = await world.post("/auth/login/second-factor", { login_token, code: appCode(app.secret) });
    expect(second.json.code).toBe("invalid_login_token");
    expect((await logIn(world)).status).toBe(200);
    expect([await eventCount("factors_removed"), await rowCount("factor_removals")]).toEqual([1, 0]);
    // Both wait in the database for the next runs.
    stopClock(Date.now() + 61_000);
    await world.schedule();
    await world.flush();
    expect((await outbox.all()).map(({ to }) => to).sort()).toEqual([JANE.phone, JANE.email].sort());
    expect([await waitingDenials(), await rowCount("notices")]).toEqual([0, 0]);
  });

  it("leads to a new factor if the policy requires one", async () => {
    const { due } = await lost();
    await due();
    expect((await logIn(createWorld({ MFA_POLICY: "required" }))).json.code).toBe("enrollment_required");
  });

  it("leaves an account without a password to a reset of the password", async () => {
    const { world, due } = await lost();
    await env.DB.exec("delete from passwords");
    await due();
    expect([await factorRows(), (await logIn(world)).status]).toEqual([[0, 0, 0], 401]);

    await world.post("/auth/forgot-password", { email: JANE.email });
    await world.flush();
    const token = (await outbox.all()).map((message) => message.token).find(Boolean);
    await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });

    expect((await logIn(world, "janedoe", FRESH_PASSWORD)).status).toBe(200);
  });

  it("happens once, also if two schedules run at once", async () => {
    const { world, dueAt } = await lost();
    stopClock(dueAt);

    await atOnce(5, () => world.schedule());

    expect([await eventCount("factors_removed"), await factorRows()]).toEqual([1, [0, 0, 0]]);
  });

  it("is neither done nor forgotten if the database fails", async () => {
    const { world, dueAt } = await lost();
    stopClock(dueAt);
    const before = await dumpTables();
    for (const trip of [1, 2]) {
      const broken = createWorld({ DB: failingFirst(trip) });
      await broken.schedule().catch(() => {});
      const after = await dumpTables();
      for (const table of [...FACTORS, "users", "factor_removals"]) expect(after[table]).toEqual(before[table]);
    }
    await world.schedule();
    expect(await factorRows()).toEqual([0, 0, 0]);
  });

  it("of an account without second factors, or of nobody, is refused and changes nothing", async () => {
    const { world, jane } = await createWorldWithJane();
    const before = await dumpRows();
    for (const method of ["removeFactors", "cancelFactorRemoval"]) {
      for (const id of [undefined, null, 1, "", {}, [], "x".repeat(65), "nobody", jane.id]) {
        const { ok, code } = await administer(world, method, id);
        const isId = id === "nobody" || id === jane.id;
        expect([method, ok, code]).toEqual([method, false, isId ? "not_found" : "invalid_request"]);
      }
    }
    expect(await dumpRows()).toEqual(before);
  });
});

/** Fails the n-th trip of the task that removes factors. */
function failingFirst(n: number): D1Database {
  let trips = 0;
  return aroundD1(env.DB, async (trip, taken) => {
    if (taken.some(({ sql }) => sql.includes("factor_removals")) && ++trips === n) throw new Error("Connection lost.");
    return trip();
  });
}

describe("the owner cancels the removal", () => {
  it.each(["DELETE /users/me/factor-removal", "POST /users/me/factor-removal/delete"])("by %s", async (route) => {
    const { call, due, state } = await lost();
    const [method = "", path = ""] = route.split(" ");

    expect((await call(method, path)).status).toBe(204);

    expect([await state(), (await call(method, path)).status]).toEqual([null, 404]);
    await due();
    expect([await factorRows(), await eventCount("factor_removal_canceled")]).toEqual([[1, 1, 10], 1]);
  });

  it("only in a session of two factors", async () => {
    const { world, app, call, state } = await lost();
    await env.DB.exec(`update sessions set amr = '["pwd"]'`);

    const { status, json, headers } = await call("DELETE", "/users/me/factor-removal");

    expect([status, json.code]).toEqual([401, "reauthentication_required"]);
    expect(headers.get("www-authenticate")).toContain('acr_values="aal2"');
    expect(await state()).not.toBeNull();
    await world.logout({ refresh_token: app.refresh_token });
    expect((await call("DELETE", "/users/me/factor-removal")).json.code).toBe("unauthenticated");
    expect(await rowCount("factor_removals")).toBe(1);
  });

  type Lost = Awaited<ReturnType<typeof lost>>;
  const uses: Record<string, (jane: Lost) => Promise<{ status: number }>> = {
    "a sign-in with the app": ({ app, prove }) => prove(appCode(app.secret, 1)),
    "a sign-in with a recovery code": ({ app, prove }) => prove(app.recovery_codes[0] ?? ""),
    "a sign-in with a passkey alone": async ({ world, key }) =>
      world.post("/auth/passkeys/login", { credential: await signInWith(postTo(world), key) }),
    "a re-authentication with the app": ({ app, call }) =>
      call("POST", "/users/me/reauthenticate", { code: appCode(app.secret, 1) }),
    "a re-authentication with a passkey": async ({ call, key }) => {
      const { json } = await call("POST", "/users/me/reauthenticate/options");
      return call("POST", "/users/me/reauthenticate", { credential: await asserted(key.passkey, json, null) });
    },
  };
  it("by adding a factor, which then stays", async () => {
    const jane = await lost();

    await addPasskey(postTo(jane.world), jane.app.access_token);

    expect([await rowCount("factor_removals"), await eventCount("factor_removal_canceled")]).toEqual([0, 1]);
    await jane.due();
    expect((await factorRows()).slice(0, 2)).toEqual([1, 2]);
  });

  it.each(Object.entries(uses))("by %s", async (_, use) => {
    const jane = await lost();

    expect((await use(jane)).status).toBe(200);

    expect([await rowCount("factor_removals"), await eventCount("factor_removal_canceled")]).toEqual([0, 1]);
    await jane.due();
    expect((await factorRows()).slice(0, 2)).toEqual([1, 1]);
  });

  it("neither by a password nor by a code that is wrong or too late", async () => {
    const { world, app, call, prove, loginToken } = await lost();
    await logIn(world);
    await prove("000000");
    // A right one, that comes too late.
    const late = createWorld({ DB: interruptedD1(env.DB, 2, disableUsers) });
    const proof = { login_token: await loginToken(), code: appCode(app.secret, 1) };
    expect((await late.post("/auth/login/second-factor", proof)).status).toBe(400);
    await enableUsers();
    expect((await call("POST", "/users/me/reauthenticate", { password: PASSWORD })).status).toBe(200);
    expect(await rowCount("factor_removals")).toBe(1);
  });

  it("through an administrator", async () => {
    const { world, id, due } = await lost();
    expect(await administer(world, "cancelFactorRemoval", id)).toEqual({ ok: true });
    await due();
    expect(await factorRows()).toEqual([1, 1, 10]);
  });

  it("once of fifty requests at once, or too late, but never half", async () => {
    const { world, app, dueAt } = await lost();
    stopClock(dueAt);
    const cancel = () => world.call("DELETE", "/users/me/factor-removal", { token: app.access_token });

    const answers = await atOnce(50, async (n) => (n === 25 ? world.schedule() : (await cancel()).status));

    const canceled = count(answers, 204);
    expect(await factorRows()).toEqual(canceled === 1 ? [1, 1, 10] : [0, 0, 0]);
    expect([await eventCount("factor_removal_canceled"), await eventCount("factors_removed")]).toEqual([
      canceled,
      1 - canceled,
    ]);
  });
});
