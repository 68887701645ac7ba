import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS, received } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { createWorld, createWorldWithJane, ISSUER } from "../support/world.ts";

const EMAIL = "jane.doe@example.com";
const PHONE = "+12025550123";

describe("a request for a message", () => {
  const PATHS = ["/auth/forgot-password", "/auth/request-reset", "/auth/verify/resend"];

  it.each(PATHS)("at %s gets equal bytes for known and unknown identifiers, without a database call", async (path) => {
    const { world } = await createWorldWithJane(PROVIDERS);
    const seen = async (identifier: string) => {
      const counts = { ...world.counts };
      const { status, headers, text } = await world.post(path, { identifier });
      const cost = { d1: world.counts.d1 - counts.d1, kv: world.counts.kv - counts.kv };
      return JSON.stringify([status, [...headers], text, cost]);
    };

    const answers = [];
    for (const identifier of [EMAIL, PHONE, "janedoe", "nobody@example.com", "+12025550199", "nobody", "?"]) {
      answers.push(await seen(identifier));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('{"d1":0,"kv":0}');
    expect(answers[0]).toMatch(/^\[202,/);
  });

  it.each(PATHS)("at %s fails with 503 if the queue rejects it", async (path) => {
    const broken = { send: () => Promise.reject(new Error("queue down")) } as unknown as Queue;

    for (const identifier of [EMAIL, "nobody"]) {
      const { status, json, headers } = await createWorld({ MESSAGES: broken }).post(path, { identifier });
      expect([status, json.code]).toEqual([503, "messages_unavailable"]);
      expect(headers.get("retry-after")).toBe("5");
    }
  });

  it("with a forged Host header makes a link to this service", async () => {
    const { world } = await createWorldWithJane(PROVIDERS);
    const headers = { host: "evil.test", "x-forwarded-host": "evil.test", "x-forwarded-proto": "http", origin: ISSUER };

    await world.post("/auth/forgot-password", { identifier: EMAIL }, headers);
    await world.flush();

    const mail = await outbox.first();
    expect(mail.text).toContain(`\n${ISSUER}/reset-password?token=`);
    expect(JSON.stringify(await received())).not.toContain("evil");
  });

  it.each([
    ["https://app.test", "https://app.test/reset-password?token="],
    ["https://app.test/auth/", "https://app.test/auth/reset-password?token="],
  ])("makes a link to the frontend at %s", async (FRONTEND_URL, link) => {
    const { world } = await createWorldWithJane({ ...PROVIDERS, FRONTEND_URL });

    await world.post("/auth/forgot-password", { identifier: EMAIL });
    await world.flush();

    const mail = await outbox.first();
    expect(mail.text).toContain(`\n${link}`);
    expect(mail.text).toContain("your app.test account.");
    const html = JSON.parse((await received())[0]!.body).html;
    expect(html).toContain(`<a href="${link}${mail.token}"`);
  });

  it.each([
    { email: [EMAIL, "eve@example.com"] },
    { identifier: [EMAIL] },
    { email: { $ne: null } },
    { email: EMAIL, identifier: "eve@example.com" },
  ])("with the body %j is refused", async (body) => {
    const { world } = await createWorldWithJane(PROVIDERS);

    expect((await world.post("/auth/forgot-password", body)).status).toBe(422);
    expect(world.sent).toEqual([]);
  });

  it.each([
    `${EMAIL},eve@example.com`,
    `${EMAIL} eve@example.com`,
    `${EMAIL}\r\nBcc: eve@example.com`,
    `${EMAIL};eve@example.com`,
    `eve@example.com <${EMAIL}>`,
    "ȷane.doe@example.com",
    "JANE.DOE@EXAMP\u212aE.COM",
    "%",
    "jane%",
    "😀".repeat(254),
  ])("for %j sends nothing", async (identifier) => {
    const dead: unknown[] = [];
    const DEAD_MESSAGES = { send: async (body: unknown) => void dead.push(body) } as unknown as Queue;
    const { world } = await createWorldWithJane({ ...PROVIDERS, DEAD_MESSAGES });

    for (const path of PATHS) expect((await world.post(path, { identifier })).status).toBe(202);
    await world.flush();

    expect(await outbox.all()).toEqual([]);
    expect(dead).toEqual([]);
  });

  it("sends to the stored address, not to the typed one", async () => {
    const world = createWorld(PROVIDERS);
    await world.post("/auth/register", { email: "mike@example.com", password: PASSWORD });
    await world.flush();
    await outbox.clear();

    for (const email of ["m\u0131ke@example.com", "MIKE@example.com", "mi\u212ae@example.com"]) {
      await world.post("/auth/forgot-password", { email });
    }
    await createWorld(NO_COOLDOWN).deliver(world.sent);

    expect((await outbox.all()).map(({ to }) => to)).toEqual(["mike@example.com"]);
  });
});
