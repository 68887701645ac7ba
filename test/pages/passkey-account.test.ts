import { describe, expect, it } from "vitest";
import { later } from "../support/app-visitor.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { passkeySignUp, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD } from "../support/passwords.ts";
import { rowCount } from "../support/rows.ts";
import { createVisitor, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const KIM = "kim@example.com";

/** A visitor who signed in with the passkey of an account that has no password. */
async function signedIn(email = KIM) {
  const world = createWorld(NO_COOLDOWN);
  const { body, own } = await passkeySignUp(world, { email });
  await world.post("/auth/register", body);
  const visitor = createVisitor(world);
  const post = async (path: string, given: object) => (await world.post(path, given)).json;
  await visitor.post("/sign-in/passkey", { credential: JSON.stringify(await signInWith(post, own)) });
  return { world, visitor };
}

const FORMS: [string, Record<string, string>, string][] = [
  ["/account/password", { new_password: FRESH_PASSWORD }, "/account?notice=passwordChanged"],
  ["/account/username", { username: "kimpark" }, "/account?notice=usernameChanged"],
  ["/account/email", { email: "kim.park@example.com" }, "/account/email/confirm"],
  ["/account/recovery-codes/new", {}, "/account/recovery-codes?notice=codesCreated"],
  ["/account/authenticator/add", {}, "/account/authenticator/confirm"],
  ["/account/delete", {}, "/signed-out?notice=deleted"],
];

describe("a user who signed in with a passkey", () => {
  it.each(FORMS)("is asked for no password on %s, and for the passkey later on", async (path, fields, done) => {
    const { visitor } = await signedIn();
    expect(mainOf((await visitor.get(path)).text)).not.toContain("current-password");
    expect((await visitor.post(path, fields)).location).toBe(done);

    const { visitor: old } = await signedIn("lee@example.com");
    later(6);
    const { location } = await old.post(path, fields);
    expect(location).toBe(`/account/confirm-identity?return_to=${encodeURIComponent(path)}`);
    expect(await rowCount("users")).toBe(path === "/account/delete" ? 1 : 2);
  });
});

describe("a user who signed in with a password", () => {
  it.each(FORMS.filter(([path]) => !path.includes("codes")))("is asked for it on %s", async (path, fields) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    expect(mainOf((await visitor.get(path)).text)).toContain("current-password");
    const { status, text } = await visitor.post(path, fields);
    expect([status, mainOf(text)]).toEqual([422, expect.stringContaining("current-password")]);
    expect(await rowCount("users")).toBe(1);
  });
});
