import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { passkeySignUp } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { people } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { createPasskey, UP } from "../support/security-key.ts";
import { createVisitor, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const PATH = "/sign-up/passkey";
const CODES = "/sign-up/recovery-codes";
const KIM = "kim@example.com";

/** What the page sends for a new passkey, also with a password that was typed before. */
async function typed(world: ReturnType<typeof createWorld>, address = KIM, deviation = {}) {
  const { body } = await passkeySignUp(world, { email: address }, deviation);
  return { address, password: "", credential: JSON.stringify(body.credential) };
}

/** A new browser in a new world. */
function newcomer(settings: Partial<Env> = {}) {
  const world = createWorld({ ...NO_COOLDOWN, ...settings });
  return { world, visitor: createVisitor(world) };
}

describe("the sign-up page", () => {
  it("creates an account by passkey, shows its codes once, and signs in by the code of the mail", async () => {
    const { world, visitor } = newcomer();
    const page = (await visitor.get("/sign-up")).text;
    expect(page).toMatch(/<button[^>]*formaction="\/sign-up\/passkey"[^>]*hidden[^>]*>Use a passkey instead</);

    const signedUp = await visitor.post(PATH, { ...(await typed(world)), password: "typed-before-1" });
    expect(signedUp.location).toBe(CODES);
    const shown = (await visitor.get(CODES)).text;
    expect(shown.match(/<li>[\w-]{11}<\/li>/g)).toHaveLength(10);
    expect((await visitor.post(CODES, {})).location).toBe("/verify");
    expect((await visitor.get(CODES)).location).toBe("/verify");

    await world.flush();
    const { code } = await outbox.last();
    expect((await visitor.post("/verify", { identifier: KIM, otp: code })).location).toBe("/account?notice=verified");
    expect(decodeJwt(visitor.cookies.get("__Host-access_token") ?? "")).toMatchObject({
      amr: ["hwk", "user", "mfa"],
      acr: "aal2",
    });
    expect(await rowCount("passwords")).toBe(0);
  });

  it.each([
    ["keeps the passkey if this browser has verified the address", true, [1, 10]],
    ["removes the passkey if another one has, which may be that of somebody else", false, [0, 0]],
  ])("creates an account whose reset by mail %s", async (_, isSame, left) => {
    const { world, visitor } = newcomer();
    await visitor.post(PATH, await typed(world));
    await world.flush();
    const verifier = isSame ? visitor : createVisitor(world);
    await verifier.post("/verify", { identifier: KIM, otp: (await outbox.last()).code });
    await world.post("/auth/forgot-password", { identifier: KIM });
    await world.flush();
    const { token } = await outbox.last();
    expect((await world.post("/auth/reset-password", { token, new_password: PASSWORD })).status).toBe(204);
    expect([await rowCount("passkeys"), await rowCount("recovery_codes")]).toEqual(left);
  });

  it("shows the codes to no other browser, and not for another account", async () => {
    const { world, visitor } = newcomer();
    await visitor.post(PATH, await typed(world));
    const other = createVisitor(world);
    await other.post("/sign-up", { address: "lee@example.com", password: PASSWORD });
    other.cookies.set("__Host-recovery_codes", visitor.cookies.get("__Host-recovery_codes") ?? "");
    expect((await other.get(CODES)).location).toBe("/verify");
  });

  it.each([
    [
      "an address that is none",
      { address: "jane doe", credential: "" },
      "Enter an email address, like jane@example.com.",
    ],
    ["a refused passkey", { credential: "{}" }, "wrong"],
    ["no passkey", { credential: "" }, "The passkey could not be added. Try again."],
  ])("keeps the address and says what is wrong with %s", async (_, change, words) => {
    const { world, visitor } = newcomer();
    const fields = { ...(await typed(world)), ...change };
    const { status, text } = await visitor.post(PATH, fields);
    expect([status >= 400, mainOf(text)]).toEqual([true, expect.stringContaining(words)]);
    expect(mainOf(text)).toContain(`value="${fields.address}"`);
    expect(await rowCount("users")).toBe(0);
  });

  it("refuses a passkey that did not verify its user, and a taken address", async () => {
    const { world, jane } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const unverified = await visitor.post(PATH, await typed(world, KIM, { flags: UP | 0x40 }));
    expect(mainOf(unverified.text)).toContain("The passkey could not be added. Try again.");
    const taken = await visitor.post(PATH, await typed(world, jane.email ?? "", { passkey: await createPasskey() }));
    expect([taken.status, mainOf(taken.text)]).toEqual([409, expect.stringContaining("/forgot-password")]);
    expect(await rowCount("users")).toBe(1);
  });
});

describe("the pages of a service that offers less", () => {
  it("have neither passwords nor links to them if LOGIN_METHODS do not list password", async () => {
    const { visitor, world } = newcomer({ LOGIN_METHODS: "passkey" });
    for (const path of ["/sign-in", "/sign-up"]) {
      const page = mainOf((await visitor.get(path)).text);
      expect(page).not.toMatch(/type="password"|forgot-password/);
      expect(page).toMatch(/data-passkey/);
      expect(page).toMatch(/<noscript>/);
    }
    for (const path of ["/forgot-password", "/reset-password?token=x", "/account/password"]) {
      expect([path, (await visitor.get(path)).status]).toEqual([path, 404]);
    }
    expect((await visitor.post("/sign-up", { address: KIM, password: PASSWORD })).status).toBe(404);
    expect((await visitor.post("/sign-in", { identifier: KIM, password: PASSWORD })).status).toBe(404);
    expect((await visitor.post(PATH, await typed(world))).location).toBe(CODES);
  });

  it("have no passkeys to create or sign in with if LOGIN_METHODS do not list passkey", async () => {
    const { world: before } = await people.jane.withPasskey();
    const world = createWorld({ LOGIN_METHODS: "password" });
    const visitor = createVisitor(world);
    for (const path of ["/sign-in", "/sign-up"]) {
      const page = mainOf((await visitor.get(path)).text);
      expect(page).toMatch(/type="password"/);
      expect(page).not.toMatch(/passkey/);
    }
    expect((await visitor.post(PATH, await typed(before))).status).toBe(404);
    expect((await visitor.post("/sign-in/passkey", { credential: "{}" })).status).toBe(404);
    expect((await visitor.get("/account/passkeys/add")).status).toBe(404);
  });
});
