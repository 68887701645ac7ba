import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { later } from "../support/app-visitor.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { asserted, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { people } from "../support/people.ts";
import { rowCount, rows } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, stopClock } from "../support/world.ts";

const IDENTITY = "/account/confirm-identity";
const CODES = "/account/recovery-codes";

/** Jane's browser, signed in with a passkey. */
async function signedInByPasskey(settings: Partial<Env> = {}) {
  const { post, own } = await people.jane.withPasskey();
  const world = createWorld({ ...NO_COOLDOWN, ...settings });
  const visitor = createVisitor(world);
  await visitor.post("/sign-in/passkey", { credential: JSON.stringify(await signInWith(post, own)) });
  /** Confirms with the passkey, as the script of the step-up page does. */
  async function confirm(return_to: string) {
    const { json } = await visitor.post(`${IDENTITY}/options`, {});
    const credential = JSON.stringify(await asserted(own.passkey, json, own.user_handle));
    return (await visitor.post(IDENTITY, { credential, return_to })).location;
  }
  return { world, visitor, confirm };
}

let jane: Awaited<ReturnType<typeof signedInByPasskey>>;

const FORMS = {
  "/account/username": { fields: { username: "jane" }, leads: "/account?notice=usernameChanged" },
  "/account/email": { fields: { email: "new@example.com" }, leads: "/account/email/confirm" },
  "/account/phone/remove": { fields: {}, leads: "/account?notice=phoneRemoved" },
  "/account/password": { fields: { new_password: FRESH_PASSWORD }, leads: "/account?notice=passwordChanged" },
  "/account/delete": { fields: {}, leads: "/signed-out?notice=deleted" },
  "/account/authenticator/add": { fields: {}, leads: "/account/authenticator/confirm" },
  [`${CODES}/new`]: { fields: {}, leads: `${CODES}?notice=codesCreated` },
};

describe("an account without a password", () => {
  beforeEach(async () => {
    jane = await signedInByPasskey();
    await env.DB.exec("delete from passwords");
  });

  it.each(Object.entries(FORMS))(
    "does %s soon after its passkey signed in, and never asks for a password",
    async (path, { fields, leads }) => {
      expect((await jane.visitor.get(path)).text).not.toMatch(/id="(old_)?password"/);
      expect((await jane.visitor.post(path, fields as Record<string, string>)).location).toBe(leads);
    },
  );

  it.each(Object.entries(FORMS))("confirms with its passkey later, before %s", async (path, { fields, leads }) => {
    later(6);
    const [users, sessions] = [await rowCount("users"), await rowCount("sessions")];
    const asked = `${IDENTITY}?${new URLSearchParams({ return_to: path })}`;
    expect((await jane.visitor.get(path)).location).toBe(asked);
    expect((await jane.visitor.post(path, fields as Record<string, string>)).location).toBe(asked);
    expect([await rowCount("users"), await rowCount("sessions")]).toEqual([users, sessions]);

    expect(await jane.confirm(path)).toBe(path);
    expect((await jane.visitor.get(path)).text).not.toMatch(/id="(old_)?password"/);
    expect((await jane.visitor.post(path, fields as Record<string, string>)).location).toBe(leads);
  });

  it("can set one, which then signs in with the passkey as the second step", async () => {
    const { text } = await jane.visitor.get("/account");
    expect(text).toMatch(/Not set.*Signs you in together.*href="\/account\/password" aria-label="Set a password"/s);
    expect((await jane.visitor.get("/account/password")).text).toContain("<h1>Set a password</h1>");
    await jane.visitor.post("/account/password", { new_password: FRESH_PASSWORD });

    const other = createVisitor(jane.world);
    const first = await other.post("/sign-in", { identifier: "janedoe", password: FRESH_PASSWORD });
    expect(first.location).toMatch(/^\/sign-in\/second-factor/);
    expect((await jane.visitor.get("/account")).text).toContain('aria-label="Change password"');
  });
});

describe("the page that removes the password", () => {
  const PATH = "/account/password/remove";
  const isLeft = async () => (await rowCount("passwords")) === 1;
  const activeSessions = async () => (await rows("sessions")).filter(({ revoked_at }) => revoked_at === null).length;

  it("leaves a passkey that signs in alone, and ends the other sessions", async () => {
    const { visitor, world } = await signedInByPasskey();
    await createVisitor(world).signIn();
    expect((await visitor.get("/account")).text).toContain(`href="${PATH}" aria-label="Remove password"`);
    expect((await visitor.get(PATH)).text).not.toContain('id="password"');
    expect((await visitor.post(PATH, {})).location).toBe("/account?notice=passwordRemoved");

    const { text } = await visitor.get("/account?notice=passwordRemoved");
    expect(text).toContain("Password removed.");
    expect(text).not.toContain(PATH);
    expect([await rowCount("passwords"), await activeSessions()]).toEqual([0, 1]);
    expect((await visitor.get(PATH)).location).toBe("/account");
    expect((await visitor.post(PATH, {})).location).toBe("/account");
  });

  it("asks for the passkey first unless it was used recently", async () => {
    const { visitor, confirm } = await signedInByPasskey();
    later(6);
    const asked = `${IDENTITY}?${new URLSearchParams({ return_to: PATH })}`;
    expect((await visitor.get(PATH)).location).toBe(asked);
    expect((await visitor.post(PATH, {})).location).toBe(asked);
    expect(await isLeft()).toBe(true);

    expect(await confirm(PATH)).toBe(PATH);
    expect((await visitor.post(PATH, {})).location).toBe("/account?notice=passwordRemoved");
  });

  it("leads a user without a passkey to add one", async () => {
    const { world } = await people.jane.signedIn();
    const visitor = createVisitor(world);
    await visitor.signIn();
    expect((await visitor.get("/account")).text).not.toContain(PATH);
    expect((await visitor.get(PATH)).location).toBe("/account/passkeys/add");
    const refused = await visitor.post(PATH, {});
    expect([refused.status, await isLeft()]).toEqual([409, true]);
    expect(refused.text).toContain("First add another way to sign in, such as a passkey.");
  });

  it("refuses if the only passkey is a second factor", async () => {
    const { visitor } = await signedInByPasskey();
    await env.DB.exec("update passkeys set first_factor = 0");
    const refused = await visitor.post(PATH, {});
    expect([refused.status, await isLeft()]).toEqual([409, true]);
    expect(refused.text).toContain("First add another way to sign in, such as a passkey.");
  });

  it("is not offered where passkeys do not sign in", async () => {
    const { visitor } = await signedInByPasskey();
    const other = createVisitor(createWorld({ ...NO_COOLDOWN, LOGIN_METHODS: "password" }));
    for (const [name, value] of visitor.cookies) other.cookies.set(name, value);
    expect((await other.get("/account")).text).not.toContain(PATH);
  });
});

it("a service without REAUTHENTICATION_SECONDS lets an account without a password act soon after its passkey", async () => {
  jane = await signedInByPasskey({ REAUTHENTICATION_SECONDS: "0" });
  await env.DB.exec("delete from passwords");
  stopClock(Date.now() + 50_000);
  expect((await jane.visitor.get("/account/password")).status).toBe(200);
  const { location } = await jane.visitor.post("/account/password", { new_password: FRESH_PASSWORD });
  expect(location).not.toContain(IDENTITY);
  expect(await rowCount("passwords")).toBe(1);
});

describe("a user who signed in with a passkey, and has a password", () => {
  it("confirms with the password after the last passkey is gone", async () => {
    const { visitor } = await signedInByPasskey();
    await env.DB.exec("delete from passkeys; delete from recovery_codes");
    later(6);
    const { location } = await visitor.get("/account/delete");
    expect((await visitor.get(location!)).text).toContain('id="password"');
    const fields = { factors: "", use: "totp", return_to: "/account/delete" };
    const wrong = await visitor.post(IDENTITY, { ...fields, password: "wrong-horse-7" });
    expect([wrong.status, wrong.text.includes('id="password"')]).toEqual([401, true]);
    expect((await visitor.post(IDENTITY, { ...fields, password: PASSWORD })).location).toBe("/account/delete");
  });
});

it.each([
  ["/account/username", { username: "jane" }],
  ["/account/email", { email: "new@example.com" }],
  ["/account/phone/remove", {}],
  ["/account/password", { new_password: FRESH_PASSWORD }],
  ["/account/delete", {}],
])("a user who signed in with the password has to repeat it at %s, also soon after", async (path, fields) => {
  const { world } = await people.jane.signedIn();
  const visitor = createVisitor(world);
  await visitor.signIn();

  expect((await visitor.get(path)).text).toMatch(/id="(old_)?password"/);
  expect((await visitor.post(path, fields as Record<string, string>)).status).toBe(422);
});
