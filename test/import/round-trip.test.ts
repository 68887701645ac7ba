import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { exportUsers, importUsers } from "../support/account-files.ts";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { addPasskey, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { disableUsers, insertIdentity, rowCount } from "../support/rows.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

/** Deletes every account, and imports those that were exported. */
async function move() {
  const exported = await exportUsers();
  await env.DB.exec("delete from users");
  const imported = await importUsers(exported);
  return { exported, imported };
}

it("an account moves to another database with all that signs it in", async () => {
  const { world, jane, login } = await createWorldWithJane();
  const post = postTo(world);
  const app = await addApp(post, (await login()).access_token);
  const key = await addPasskey(post, app.access_token);
  await insertIdentity(jane.id);
  const { exported } = await move();
  expect(await exportUsers()).toEqual(exported);
  expect(await rowCount("sessions")).toBe(0);

  const prove = async (code: string) => {
    const { login_token } = (await logIn(world)).json;
    return (await world.post("/auth/login/second-factor", { login_token, code })).status;
  };
  expect((await logIn(world, "janedoe", FRESH_PASSWORD)).status).toBe(401);
  expect(await prove(appCode(app.secret, 1))).toBe(200);
  expect([await prove(app.recovery_codes[0] as string), await prove(app.recovery_codes[0] as string)]).toEqual([
    200, 400,
  ]);
  const credential = await signInWith(post, key);
  expect((await world.post("/auth/passkeys/login", { credential })).status).toBe(200);
});

it("a recovery code that was used before the move stays used", async () => {
  const { world, login } = await createWorldWithJane();
  const app = await addApp(postTo(world), (await login()).access_token);
  const prove = async (code: string) => {
    const { login_token } = (await logIn(world)).json;
    return (await world.post("/auth/login/second-factor", { login_token, code })).status;
  };
  const [code = ""] = app.recovery_codes;
  expect(await prove(code)).toBe(200);
  await move();

  expect(await prove(code)).toBe(400);
});

it("a disabled account stays disabled", async () => {
  const { world } = await createWorldWithJane();
  await disableUsers();
  await move();

  expect((await logIn(world)).status).toBe(403);
});

it("a thousand accounts of all kinds are the same after an export and an import", async () => {
  const accounts = Array.from({ length: 1000 }, (_, n) => ({
    id: `u-${n}`,
    email: n % 3 ? `u${n}@example.com` : null,
    email_verified: n % 2 === 0,
    username: `user.${n}`,
    first_name: n % 5 ? `Ünï ${n}` : null,
    roles: n % 7 ? [] : ["admin", "editor"],
    password_hash: n % 4 ? `$2b$12$${`${n}`.padStart(53, "a")}` : null,
    totp: n % 11 ? null : { secret: "JBSWY3DPEHPK3PXP" },
  }));
  expect(await importUsers(accounts)).toMatchObject({ created: 1000, refused: 0 });
  const { exported, imported } = await move();

  expect(imported).toMatchObject({ created: 1000, refused: 0 });
  expect(await exportUsers()).toEqual(exported);
});

it("an app that was not confirmed is not exported", async () => {
  const { world, login } = await createWorldWithJane();
  await world.call("POST", "/users/me/totp", { token: (await login()).access_token, body: { password: PASSWORD } });

  expect((await exportUsers())[0]).toMatchObject({ totp: null });
});

it("an export names the account whose app was sealed under another pepper", async () => {
  const world = createWorld({ PEPPER: "x".repeat(43) });
  const { id } = (await world.post("/auth/register", { email: "ann@example.com", password: PASSWORD })).json;
  const { access_token } = (await logIn(world, "ann@example.com")).json;
  await addApp(postTo(world), access_token);

  await expect(exportUsers()).rejects.toThrow(`of ${id} is sealed under another PEPPER`);
});
