import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { later } from "../support/app-visitor.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { asserted, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { people } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
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
