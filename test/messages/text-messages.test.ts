import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE } from "../support/people.ts";
import { eventCount, rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, createWorldWithJane, type World } from "../support/world.ts";

const ALL = { ...NO_COOLDOWN, SMS_COUNTRIES: "US,DE,GB,FR,IE,JM,DO" };

/** Numbers that no text may be sent to, whatever the countries are. */
const UNTEXTABLE = [
  ["a premium number", "+19005550123"],
  ["another premium number", "+33899123456"],
  ["a shared-cost number", "+491805123456"],
  ["a toll-free number", "+18005550123"],
  ["a personal number", "+447012345678"],
  ["a landline number", "+493012345678"],
  ["a satellite number", "+870773111632"],
  ["another satellite number", "+881612345678"],
  ["a number of an international network", "+883510012345678"],
  ["a number of a country that is not in the list", "+201001234567"],
  ["a number of another country with the same calling code", "+14165550123"],
] as const;

const register = (world: World, phone: string) => world.post("/auth/register", { phone, password: PASSWORD });
const requestReset = (world: World, identifier: string, headers = {}) =>
  world.post("/auth/request-reset", { identifier }, headers);
const recipients = async () => (await outbox.all()).map(({ to }) => to);

/** Fills the database with texts of this day, as requests of strangers leave them. */
const countTexts = (count: number, { country = "US", proven = 0, requestedBy = "anyone" } = {}) =>
  env.DB.prepare(
    `insert into requested_messages (id, user_id, recipient, country, budget, requested_by, proven, created_at)
     select 'text-' || ?2 || ?3 || ?4 || value, 'u' || value, '+' || value, ?2, 'codes', ?4, ?3, ?5
     from json_each(?1)`,
  )
    .bind(JSON.stringify(Array.from({ length: count }, (_, n) => n)), country, proven, requestedBy, Date.now())
    .run();

/** Delivers a request for a code by text that came with Jane's device token. */
const askAsJane = (world: World, user_id: string, network?: string) =>
  world.deliver(
    [
      {
        kind: "password-reset-code",
        identifier: { kind: "phone", value: JANE.phone },
        trusted: { user_id, credential_version: 0 },
        network,
      },
    ],
    { id: crypto.randomUUID() },
  );

/** Jane, whose number is verified. */
async function verifiedJane(settings: Partial<Env> = {}) {
  const jane = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  await administer(jane.world, "setVerified", jane.jane.id, JANE.phone, true);
  return jane;
}

describe.each(UNTEXTABLE)("%s", (_, phone) => {
  const message = "Must be a mobile number of a country that text messages are sent to.";
  const refused = [{ path: "phone", code: "unsupported_phone", message }];

  it("is refused at registration, in a change and from an administrator", async () => {
    const { world, jane, login } = await createWorldWithJane(ALL);
    const { access_token: token } = await login();

    const registered = await world.post("/auth/register", { email: "a@example.com", phone, password: PASSWORD });
    expect([registered.status, registered.json.errors]).toEqual([422, refused]);
    const changed = await world.call("POST", "/users/me/phone", { token, body: { phone, password: PASSWORD } });
    expect([changed.status, changed.json.errors]).toEqual([422, refused]);
    expect((await administer(world, "createUser", { phone })).errors).toEqual(refused);
    expect((await administer(world, "updateUser", jane.id, { phone })).errors).toEqual(refused);
    expect([world.sent, await rowCount("users")]).toEqual([[], 1]);
  });

  it("that an account has from before gets no text, which nothing reveals", async () => {
    const { world, login } = await createWorldWithJane(ALL);
    await env.DB.prepare("update users set phone = ?, email = null").bind(phone).run();
    const answers = [];

    for (const path of ["/auth/request-reset", "/auth/forgot-password", "/auth/verify/resend"]) {
      for (const identifier of [phone, "+12025550199"]) {
        const { status, text } = await world.post(path, { identifier });
        answers.push([status, text]);
      }
    }
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    await world.call("POST", "/auth/change-password", { token: (await login()).access_token, body });
    await world.flush();

    expect(answers).toEqual(Array(6).fill(answers[0]));
    expect(answers[0]?.[0]).toBe(202);
    expect(await outbox.all()).toEqual([]);
    expect([await rowCount("one_time_secrets"), await rowCount("requested_messages")]).toEqual([0, 0]);
  });
});

describe("a mobile number", () => {
  it.each(["+12025550123", "+4915112345678", "+447912345678", "+18765550123"])(
    "such as %s gets texts",
    async (phone) => {
      const world = createWorld(ALL);

      expect((await register(world, phone)).status).toBe(201);
      await world.flush();

      expect(await recipients()).toEqual([phone]);
    },
  );

  it("is refused in production as long as no countries are listed", async () => {
    const world = createWorld({ ...NO_COOLDOWN, SMS_COUNTRIES: "" });

    expect((await register(world, JANE.phone)).status).toBe(422);
  });
});

describe("the budget of text messages", () => {
  it("keeps a part for proven numbers when registrations have used up that of a country", async () => {
    const { world } = await verifiedJane({ SMS_PER_COUNTRY_AND_DAY: "8" });
    for (let n = 10; n < 20; n++) await register(world, `+120255501${n}`);
    await world.flush();
    expect([(await outbox.all()).length, await eventCount("message_withheld")]).toEqual([4, 6]);
    await outbox.clear();

    await requestReset(world, JANE.phone);
    await world.flush();

    expect(await recipients()).toEqual([JANE.phone]);
  });

  it("keeps a part for proven numbers when 500 registrations have used up that of the day", async () => {
    const { world } = await verifiedJane();
    for (const country of ["EG", "DE", "FR", "GB"]) await countTexts(125, { country });

    await register(world, "+12025550177");
    await world.flush();
    expect(await recipients()).toEqual([]);
    await requestReset(world, JANE.phone);
    await world.flush();

    expect(await recipients()).toEqual([JANE.phone]);
  });

  it("gives numbers that are not proven half of a country's", async () => {
    const world = createWorld(NO_COOLDOWN);
    await countTexts(249);

    for (const phone of ["+12025550177", "+12025550178"]) await register(world, phone);
    await world.flush();

    expect(await recipients()).toHaveLength(1);
  });

  it("keeps a part for owners when strangers have used up that of proven numbers", async () => {
    const { world, jane } = await verifiedJane();
    await countTexts(375, { proven: 1 });

    await requestReset(world, JANE.phone);
    await register(world, "+12025550177");
    await world.flush();
    expect(await recipients()).toEqual([]);
    await askAsJane(world, jane.id);

    expect(await recipients()).toEqual([JANE.phone]);
  });

  it("limits notices by text, which one account could cause without end", async () => {
    const world = createWorld(NO_COOLDOWN);
    await register(world, JANE.phone);
    world.sent.length = 0;
    let { access_token: token } = (await world.post("/auth/login", { phone: JANE.phone, password: PASSWORD })).json;
    for (let n = 0; n < 4; n++) {
      for (const [old_password, new_password] of [
        [PASSWORD, FRESH_PASSWORD],
        [FRESH_PASSWORD, PASSWORD],
      ]) {
        const { status, json } = await world.call("POST", "/auth/change-password", {
          token,
          body: { old_password, new_password },
        });
        expect(status).toBe(200);
        token = json.access_token;
      }
    }
    await world.flush();

    expect([(await outbox.all()).length, await eventCount("message_withheld")]).toEqual([5, 0]);
    await requestReset(world, JANE.phone);
    await world.flush();
    expect(await outbox.all()).toHaveLength(6);
  });

  it("is a limit for everyone", async () => {
    const { world, jane } = await verifiedJane();
    await countTexts(500, { proven: 1, requestedBy: "owner" });

    await askAsJane(world, jane.id);
    await requestReset(world, JANE.phone);
    await world.flush();

    expect(await recipients()).toEqual([]);
  });

  it("gives a number that is not proven no part of the reserve, even if its owner asks", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);

    for (const proven of [0, 1]) {
      await env.DB.exec("delete from requested_messages");
      await countTexts(375, { proven });
      await askAsJane(world, jane.id);
      expect(await recipients()).toEqual([]);
    }
  });

  it("limits what one network requests for all numbers together", async () => {
    const { world, jane } = await verifiedJane({ SMS_PER_NETWORK_AND_DAY: "3" });
    const from = (ip: string) => ({ "cf-connecting-ip": ip });
    for (let n = 0; n < 6; n++) {
      const body = { phone: `+1202555013${n}`, password: PASSWORD };
      expect((await world.post("/auth/register", body, from(`203.0.113.${n}`))).status).toBe(201);
    }
    await requestReset(world, JANE.phone, from("203.0.113.9"));
    await world.flush();
    expect(await recipients()).toHaveLength(3);

    await world.post("/auth/register", { phone: "+12025550140", password: PASSWORD }, from("203.0.114.1"));
    await world.post("/auth/register", { email: "a@example.com", password: PASSWORD }, from("203.0.113.1"));
    await world.flush();
    await askAsJane(world, jane.id, "203.0.113.0/24");

    expect((await recipients()).slice(3).sort()).toEqual(["+12025550140", JANE.phone, "a@example.com"].sort());
    expect(new Set((await rows("requested_messages")).map(({ network }) => network))).toEqual(
      new Set(["203.0.113.0/24", "203.0.114.0/24"]),
    );
  });
});
