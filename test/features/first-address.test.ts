import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { jane, NEW, OLD } from "../address-change.ts";
import { inbox, script } from "../mailbox.ts";
import { PASSWORD } from "../world.ts";

beforeEach(async () => {
  await script();
});

describe("a first phone number", () => {
  it("is told to the mail address", async () => {
    const { world, ask, confirm } = await jane();
    await env.DB.exec("update users set phone = null");
    await ask("phone", "01001234567");
    const [message] = await inbox();
    expect(message!.to).toBe("+201001234567");
    await script();

    expect((await confirm("phone", message!.code)).status).toBe(204);
    await world.flush();

    expect(await inbox()).toMatchObject([{ to: OLD.email, subject: "Your phone number was changed" }]);
  });

  it("is what a first mail address is told to", async () => {
    const { world, ask, confirm } = await jane();
    await env.DB.exec("update users set email = null");
    await ask("email", NEW.email);
    const { code } = (await inbox())[0]!;
    await script();

    expect((await confirm("email", code)).status).toBe(204);
    await world.flush();

    expect(await inbox()).toMatchObject([{ to: OLD.phone, text: expect.stringContaining("e-mail address") }]);
  });

  it("has to be a number", async () => {
    const { status, json } = await (await jane()).ask("phone", "x");

    expect([status, json.errors]).toEqual([422, [{ path: "phone", message: "Must be a phone number." }]]);
  });
});

describe("two accounts that want one address", () => {
  it("each get a code, and the first to confirm gets the address", async () => {
    const { world, ask, confirm } = await jane();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const { json: john } = await world.post("/auth/login", { identifier: "john@example.com", password: PASSWORD });
    await world.flush();
    await script();
    await ask("email", NEW.email);
    await ask("email", NEW.email, john.access_token);
    const [a, b] = await inbox();

    expect((await confirm("email", a!.code, john.access_token)).status).toBe(400);
    expect((await confirm("email", b!.code, john.access_token)).status).toBe(204);
    expect((await confirm("email", a!.code)).status).toBe(400);
  });
});
