import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAIL, outbox, PROVIDERS } from "../support/outbox.ts";
import { prefer } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

describe("the development outbox", () => {
  const LOCAL = { ISSUER: "http://localhost:8787" };

  it("shows each email once, newest first", async () => {
    const { jane } = await createWorldWithJane();
    const messages = [{ kind: "verification", identifier: { kind: "email", value: jane.email } }];
    const world = createWorld({ ...LOCAL, OTP_RESEND_COOLDOWN_SECONDS: "0" });
    await world.deliver(messages, { id: "a" });
    await world.deliver(messages, { id: "a" });
    await world.deliver(messages, { id: "b" });

    const { status, json } = await world.get("/dev/outbox");

    expect(status).toBe(200);
    expect(json.messages).toHaveLength(2);
    expect(json.messages[0]).toMatchObject({ to: jane.email, subject: "Your verification code" });
    expect(json.messages[0].at).toBeGreaterThanOrEqual(json.messages[1].at);
  });

  it("shows text messages, and only the channel that has no provider", async () => {
    const { jane } = await createWorldWithJane();
    const ask = (identifier: object) => [{ kind: "verification", identifier }];
    const [byMail, byText] = [ask({ kind: "email", value: jane.email }), ask({ kind: "phone", value: jane.phone })];
    await outbox.clear();
    const world = createWorld({ ...LOCAL, ...MAIL });
    await prefer("phone");
    await world.deliver(byText, { id: "a" });
    await prefer("email");
    await world.deliver(byMail, { id: "b" });

    const { json } = await world.get("/dev/outbox");

    expect(json.messages).toEqual([
      { channel: "sms", to: jane.phone, text: expect.stringMatching(/@localhost #\d{6}$/), at: expect.any(Number) },
    ]);
    expect(await outbox.all()).toMatchObject([{ to: jane.email }]);
    const { text } = await world.get("/dev/outbox", { accept: "text/html" });
    expect(text).toContain("<h2>SMS</h2>");
    expect((await createWorld({ ...LOCAL, ...PROVIDERS }).get("/dev/outbox")).status).toBe(404);
  });

  it("renders a page with working links and escaped content for a browser", async () => {
    const mail = {
      channel: "mail",
      to: "<b>@example.com",
      language: "en",
      subject: "<script>",
      paragraphs: ["Go to https://a.test/?b&c now"],
      at: 0,
    };
    await env.DENYLIST.put("outbox:x", JSON.stringify(mail));

    const { text, headers } = await createWorld(LOCAL).get("/dev/outbox", { accept: "text/html" });

    expect(headers.get("content-type")).toContain("text/html");
    expect(text).toContain("<h2>&lt;script&gt;</h2>");
    expect(text).toContain('Go to <a href="https://a.test/?b&amp;c">https://a.test/?b&amp;c</a> now');
    expect(text).not.toContain("<b>");
  });

  it("says that it is empty", async () => {
    expect((await createWorld(LOCAL).get("/dev/outbox", { accept: "text/html" })).text).toContain("No messages");
  });

  it("is not found outside development, even if it has messages", async () => {
    await env.DENYLIST.put("outbox:x", "{}");

    for (const ISSUER of ["https://auth.test", "https://localhost.evil.test"]) {
      expect((await createWorld({ ISSUER }).get("/dev/outbox")).status).toBe(404);
    }
  });
});
