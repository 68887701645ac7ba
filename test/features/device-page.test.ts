import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createDevice, poll, told } from "../support/device.ts";
import { rows } from "../support/rows.ts";
import { mainOf } from "../support/visitor.ts";

describe("the page for the code", () => {
  it("asks to sign in first, and comes back with the code", async () => {
    const { visitor, device } = await createDevice();
    visitor.cookies.clear();

    const { location } = await visitor.get(`/device?user_code=${device.user_code}`);

    expect(location).toBe(`/sign-in?return_to=${encodeURIComponent(`/device?user_code=${device.user_code}`)}`);
  });

  it.each([
    ["lower case without a hyphen", (code: string) => code.toLowerCase().replace("-", "")],
    ["other separators", (code: string) => ` ${code.replace("-", " – ")} `],
    [
      "full-width letters",
      (code: string) => code.replace(/[A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    ],
    ["the link", (code: string) => `https://auth.test/device?user_code=${code}`],
  ])("takes a code in %s", async (_, spell) => {
    const { device, type } = await createDevice();

    const { status, text } = await type(spell(device.user_code));

    expect([status, text.includes(device.user_code)]).toEqual([200, true]);
  });

  it("refuses a wrong code, one letter off, and changes nothing", async () => {
    const { device, type, answer } = await createDevice();
    const before = await rows("oauth_device_codes");
    const wrong = device.user_code.replace(/^./, (letter) => (letter === "B" ? "C" : "B"));

    for (const code of [wrong, "BCDF", "AEIO-UAEI", "'; drop table users"]) {
      const typed = await type(code);
      expect([typed.status, (await answer("allow", code)).status]).toEqual([400, 400]);
      expect(mainOf(typed.text)).toContain("This code is wrong or has expired.");
    }
    expect(await rows("oauth_device_codes")).toEqual(before);
  });

  it("takes one answer, and says so to the second", async () => {
    const { world, device, answer } = await createDevice();

    expect((await answer("deny")).status).toBe(303);
    expect((await answer("allow")).status).toBe(400);
    expect(told(await poll(world, device))).toEqual([400, "access_denied"]);
  });

  it("does nothing for a form of another site, or one shown to another user", async () => {
    const { world, visitor, device } = await createDevice();
    const fields = { code: device.user_code, answer: "allow" };

    const foreign = await visitor.post("/device", fields, { "sec-fetch-site": "cross-site" });
    const other = await visitor.post("/device?user=x", fields);

    expect([foreign.status, other.location]).toEqual([403, "/account?notice=otherUser"]);
    expect(told(await poll(world, device))).toEqual([400, "authorization_pending"]);
  });

  it("asks to sign in if the session has ended, and allows nothing", async () => {
    const { world, device, answer, type } = await createDevice();
    await env.DB.prepare("update sessions set revoked_at = 1").run();

    const toSignIn = "/sign-in?notice=unsent&return_to=%2Fdevice%3Fnotice%3Dunsent";
    expect([(await type()).location, (await answer()).location]).toEqual([toSignIn, toSignIn]);
    expect(told(await poll(world, device))).toEqual([400, "authorization_pending"]);
  });

  it("limits the guesses of a network", async () => {
    const limited = { limit: async ({ key }: { key: string }) => ({ success: key !== "198.18.23.1" }) };
    const { visitor, device } = await createDevice({ RATE_LIMIT_CREDENTIALS: limited as unknown as RateLimit });
    const own = { origin: "https://auth.test", "sec-fetch-site": "same-origin" };

    const refused = await visitor.post(
      "/device",
      { code: device.user_code },
      { ...own, "cf-connecting-ip": "198.18.23.1" },
    );
    expect(refused.status).toBe(429);
  });

  it("limits the guesses of a user", async () => {
    const limit = async ({ key }: { key: string }) => ({ success: key.startsWith("poll ") });
    const { type, answer } = await createDevice({ RATE_LIMIT_SESSIONS: { limit } as unknown as RateLimit });

    expect([(await type()).status, (await answer()).status]).toEqual([429, 429]);
  });
});
