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
      text: "123456 is your code. Go to https://a.test/?b&c now",
      html: '<head></head><p title="x">HTML</p>',
      from: "Auth <auth@example.com>",
      reply_to: null,
      headers: { "Auto-Submitted": "auto-generated" },
      at: 0,
    };
    await env.DENYLIST.put("outbox:x", JSON.stringify(mail));
    await env.DENYLIST.put("outbox:of-an-older-version", JSON.stringify({ ...mail, text: undefined }));

    const show = (part: string) =>
      createWorld(LOCAL).get(`/dev/outbox?open=mail-0-bexamplecom-${part}`, { accept: "text/html" });
    const pages = [await show("html"), await show("text"), await show("headers")];
    const text = pages.map((page) => page.text).join();

    expect(pages[0]?.headers.get("content-type")).toContain("text/html");
    expect(pages.map((page) => page.text.match(/<(iframe|pre|dl)\b/g))).toEqual([["<iframe"], ["<pre"], ["<dl"]]);
    expect(text.match(/<h2>.*?<\/h2>/g)).toEqual(Array(3).fill("<h2>&lt;script&gt;</h2>"));
    expect(text).toContain('Go to <a href="https://a.test/?b&amp;c">https://a.test/?b&amp;c</a> now');
    expect(text).toContain('srcdoc="&lt;head&gt;&lt;base target=&quot;_blank&quot;&gt;&lt;/head&gt;&lt;p title=&quot;');
    expect(text).toContain("<dt>From</dt><dd>Auth &lt;auth@example.com&gt;</dd><dt>Reply-To</dt><dd>–</dd>");
    expect(text).toContain("<dt>Auto-Submitted</dt><dd>auto-generated</dd>");
    expect(text).toContain('data-copy="123456"');
    expect(text).not.toContain("<b>");
  });

  it("shows the HTML of the newest mail in a frame that runs no scripts", async () => {
    const { jane } = await createWorldWithJane();
    const world = createWorld(LOCAL);
    await world.deliver([{ kind: "verification", identifier: { kind: "email", value: jane.email } }]);

    const { text, headers } = await world.get("/dev/outbox", { accept: "text/html" });

    expect(/sandbox="(.*?)"/.exec(text)?.[1]).not.toMatch(/allow-(scripts|same-origin|forms)/);
    expect(headers.get("content-security-policy")).toMatch(/script-src 'self' 'nonce-[\w-]+';/);
    expect((await world.get("/dev/outbox")).json.messages[0]).toMatchObject({
      from: null,
      reply_to: null,
      headers: { "Auto-Submitted": "auto-generated" },
      text: expect.stringMatching(/^\d{6} is your code\.$/m),
      html: expect.stringContaining("<!doctype html>"),
    });
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
