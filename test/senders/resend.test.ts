import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { brandColors } from "../../src/config/brand-color.ts";
import { type Content, toHtml, toText } from "../../src/messages/mail-layout.ts";
import { createResendSender } from "../../src/senders/resend.ts";
import type { Received, Scripted } from "../support/provider-server.ts";

/** Text that needs escapes in every place. */
const content: Content = {
  language: "en",
  direction: "ltr",
  heading: "Tom & Jerry's <news>",
  preheader: "<i>",
  labeled: "{label}: {value}",
  blocks: [{ paragraph: "Hello <b>Jane</b>," }, { paragraph: "a & b\r\nBcc: eve@example.com", soft: true }],
  brand: { name: '"><script>', logo: undefined, colors: brandColors("#1a56db") },
  sender: "Auth <auth.test>",
};

const { PROVIDER } = env as Env & { PROVIDER: string };
const mail = {
  to: "jane.doe@example.com",
  language: "en",
  direction: "ltr",
  subject: "Tom & Jerry's <news>",
  text: toText(content),
  html: toHtml(content),
};

/** Sends the mail to a provider that answers like this. */
async function send(...script: Scripted[]) {
  await fetch(`${PROVIDER}/script`, { method: "PUT", body: JSON.stringify(script) });
  const sender = createResendSender({ apiKey: "re_canary", from: "Auth <auth@example.com>", baseUrl: PROVIDER });
  const delivery = await sender.send(mail, "message-1");
  const received: Received[] = await (await fetch(`${PROVIDER}/received`)).json();
  return { delivery, received };
}

describe("an email through Resend", () => {
  it("has its idempotency key, one recipient, and equal text and HTML without external resources", async () => {
    const { delivery, received } = await send();

    expect(delivery).toEqual({ outcome: "sent" });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      path: "/emails",
      headers: { authorization: "Bearer re_canary", "idempotency-key": "message-1" },
    });
    const { html, ...rest } = JSON.parse(received[0]!.body);
    expect(rest).toEqual({
      from: "Auth <auth@example.com>",
      to: mail.to,
      subject: mail.subject,
      text: "Tom & Jerry's <news>\n\nHello <b>Jane</b>,\n\na & b\r\nBcc: eve@example.com\n\nAuth <auth.test>\n",
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply" },
    });
    expect(html).toContain('<html lang="en">');
    expect(html).toContain("<title>Tom &#38; Jerry&#39;s &#60;news&#62;</title>");
    expect(html).toContain(">Hello &#60;b&#62;Jane&#60;/b&#62;,</p>");
    expect(html).not.toMatch(/https?:|src=|url\(|<script|<b>|<i>/);
  });

  it.each([
    [
      "500",
      { status: 500, body: '{"name":"internal_server_error","statusCode":500,"message":"jane.doe@example.com"}' },
    ],
    ["500 that is no JSON", { status: 502, body: "<html>Bad gateway</html>" }],
    ["200 that is no JSON", { status: 200, body: "<html>" }],
    [
      "409, the same key under way",
      { status: 409, body: '{"name":"concurrent_idempotent_requests","statusCode":409,"message":"x"}' },
    ],
    ["an error whose name is a sentence", { status: 500, body: '{"name":"jane.doe is unknown","statusCode":500}' }],
    ["an error that is null", { status: 500, body: "null" }],
    ["an error of other types", { status: 500, body: '{"name":{"a":"jane"},"statusCode":"jane","message":0}' }],
    ["an error without a status", { status: 503, body: "{}" }],
  ])("is retried after %s", async (_, answer) => {
    const { delivery } = await send(answer);

    expect(delivery).toMatchObject({ outcome: "retry" });
    expect(JSON.stringify(delivery)).not.toContain("jane");
  });

  it("is retried after the provider's Retry-After", async () => {
    const body = '{"name":"rate_limit_exceeded","statusCode":429,"message":"x"}';
    const { delivery } = await send({ status: 429, headers: { "retry-after": "7" }, body });

    expect(delivery).toEqual({ outcome: "retry", reason: "resend_429_rate_limit_exceeded", afterSeconds: 7 });
  });

  it.each([301, 302, 303, 307, 308])("is retried after a redirect %d, which is not followed", async (status) => {
    const { delivery, received } = await send({ status, headers: { location: `${PROVIDER}/elsewhere` }, body: "" });

    expect(delivery).toMatchObject({ outcome: "retry" });
    expect(received.map(({ path }) => path)).toEqual(["/emails"]);
  });

  it.each([
    // About the account at the provider, which the operator can fix.
    [401, "missing_api_key", "retry"],
    [403, "validation_error", "retry"],
    [403, "invalid_api_key", "retry"],
    [404, "not_found", "retry"],
    // About the message, which stays as it is.
    [400, "validation_error", "refused"],
    [409, "invalid_idempotent_request", "refused"],
    [422, "validation_error", "refused"],
    [451, "security_error", "refused"],
  ])("after the error %d %s results in that reason and %s", async (status, name, outcome) => {
    const error = { name, statusCode: status, message: "jane.doe@example.com is no address" };
    const { delivery } = await send({ status, body: JSON.stringify(error) });

    expect(delivery).toEqual({ outcome, reason: `resend_${status}_${name}` });
  });

  it("times out after ten seconds if the provider hangs", async () => {
    const { timeout } = AbortSignal;
    const limits: number[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((limit) => {
      limits.push(limit);
      return timeout.call(AbortSignal, 200);
    });

    const { delivery } = await send({ status: 200, hangs: true });

    expect([delivery.outcome, limits]).toEqual(["retry", [10_000]]);
  });

  it("is retried if the provider is unreachable", async () => {
    const sender = createResendSender({ apiKey: "re_canary", from: "a@example.com", baseUrl: "http://127.0.0.1:1" });

    expect(await sender.send(mail, "message-1")).toMatchObject({ outcome: "retry" });
  });
});
