import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createTwilioSender } from "../../src/senders/twilio.ts";
import { received, script } from "../support/outbox.ts";
import type { Scripted } from "../support/provider-server.ts";

const { PROVIDER } = env as Env & { PROVIDER: string };
const settings = { accountSid: "AC1", authToken: "canary", from: "+12025550100", baseUrl: PROVIDER };
const sms = { to: "+12025550123", text: "123456 ist Ihr Code für Ä\n\n@auth.test #123456" };

/** Sends the text to a provider that answers like this. */
async function send(answer?: Scripted, from = settings.from) {
  await script(...(answer ? [answer] : []));
  const delivery = await createTwilioSender({ ...settings, from }).send(sms, "message-1");
  return { delivery, received: await received() };
}

describe("a text through Twilio", () => {
  it("is one authenticated form to the account's messages", async () => {
    const { delivery, received } = await send({ status: 201, body: '{"sid":"SM1","status":"queued"}' });

    expect(delivery).toEqual({ outcome: "sent" });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      path: "/2010-04-01/Accounts/AC1/Messages.json",
      headers: {
        authorization: `Basic ${btoa("AC1:canary")}`,
        "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
      },
    });
    expect(Object.fromEntries(new URLSearchParams(received[0]!.body))).toEqual({
      To: sms.to,
      Body: sms.text,
      From: settings.from,
    });
  });

  it("can come from a messaging service or a sender name", async () => {
    const SERVICE = `MG${"0a".repeat(16)}`;
    const { received } = await send(undefined, SERVICE);

    const fields = Object.fromEntries(new URLSearchParams(received[0]!.body));
    expect(fields).toEqual({ To: sms.to, Body: sms.text, MessagingServiceSid: SERVICE });
    const named = await send(undefined, "MGMotors");
    expect(new URLSearchParams(named.received[0]!.body).get("From")).toBe("MGMotors");
  });

  it("counts as sent after any 201", async () => {
    expect((await send({ status: 201, body: "<html>" })).delivery).toEqual({ outcome: "sent" });
  });

  it.each([
    [
      { status: 500, body: "{}" },
      { outcome: "retry", reason: "twilio_500" },
    ],
    [
      { status: 302, headers: { location: "/elsewhere" } },
      { outcome: "retry", reason: "twilio_302" },
    ],
    [
      { status: 429, headers: { "retry-after": "9" }, body: '{"code":20429,"message":"+12025550123"}' },
      { outcome: "retry", reason: "twilio_429_20429", afterSeconds: 9 },
    ],
    [
      { status: 503, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } },
      { outcome: "retry", reason: "twilio_503" },
    ],
    // A recipient who answered STOP, a number that is none, a barred country.
    [
      { status: 400, body: '{"code":21610,"message":"+12025550123"}' },
      { outcome: "refused", reason: "twilio_400_21610" },
    ],
    [
      { status: 400, body: '{"code":21211,"message":"+12025550123"}' },
      { outcome: "refused", reason: "twilio_400_21211" },
    ],
    [
      { status: 400, body: '{"code":21408,"message":"+12025550123"}' },
      { outcome: "refused", reason: "twilio_400_21408" },
    ],
    [
      { status: 400, body: '{"code":"+12025550123"}' },
      { outcome: "refused", reason: "twilio_400" },
    ],
    [
      { status: 400, body: "<html>+12025550123</html>" },
      { outcome: "refused", reason: "twilio_400" },
    ],
    [
      { status: 401, body: '{"code":20003}' },
      { outcome: "retry", reason: "twilio_401_20003" },
    ],
    [
      { status: 403, body: "null" },
      { outcome: "retry", reason: "twilio_403" },
    ],
  ])("after the answer %j results in %j", async (answer, expected) => {
    const { delivery, received } = await send(answer as Scripted);

    expect(delivery).toEqual(expected);
    expect(received).toHaveLength(1);
  });

  it("times out after ten seconds if the provider hangs", async () => {
    const { timeout } = AbortSignal;
    const limits: number[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((limit) => {
      limits.push(limit);
      return timeout.call(AbortSignal, 200);
    });

    const { delivery } = await send({ status: 200, hangs: true });

    expect([delivery, limits]).toEqual([{ outcome: "retry", reason: "twilio_unreachable" }, [10_000]]);
  });
});
