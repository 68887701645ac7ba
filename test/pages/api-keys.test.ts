import { describe, expect, it } from "vitest";
import { later } from "../support/app-visitor.ts";
import { addApp, appCode } from "../support/authenticator.ts";
import { PASSWORD } from "../support/passwords.ts";
import { rowCount, rows } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createVisitor, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const LIST = "/account/api-keys";
const CREATE = `${LIST}/create`;
const FIELDS = { name: "Backup", "scopes.notes:read": "on", expires_in: "2592000" };

async function signedIn() {
  const { world, login } = await createWorldWithJane();
  const visitor = createVisitor(world);
  await visitor.signIn();
  return { world, visitor, login };
}

const keyIn = (html: string) => /gh_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}/.exec(mainOf(html))?.[0];

describe("the pages of API keys", () => {
  it("create a key, show it until it is saved, and revoke it after a question", async () => {
    const { world, visitor } = await signedIn();
    expect((await visitor.get("/account")).text).toContain(`href="${LIST}"`);
    expect((await visitor.get(LIST)).text).toContain("No API keys yet.");
    const form = mainOf((await visitor.get(CREATE)).text);
    expect(form).toContain('<input type="checkbox" name="scopes.notes:read"/>');
    expect(form).toMatch(/<option value="7776000" selected="">90 days</);
    expect(form).not.toContain('id="password"');

    expect((await visitor.post(CREATE, FIELDS)).location).toBe(LIST);
    const shown = await visitor.get(LIST);
    const key = keyIn(shown.text) ?? "";
    expect((await call(world, "verify", key, { apiKeys: true })).value).toMatchObject({ scope: "notes:read" });
    expect(shown.headers.get("cache-control")).toBe("no-store");
    const [{ id, expires_at }] = await rows("api_keys");
    expect(Math.round((expires_at - Date.now()) / 86_400_000)).toBe(30);

    expect((await visitor.post(LIST, {})).location).toBe(LIST);
    const list = mainOf((await visitor.get(LIST)).text);
    expect(keyIn(list)).toBeUndefined();
    expect(list).toMatch(/Backup.*Last used.*Your notes:read/s);

    await visitor.post(CREATE, FIELDS);
    const question = await visitor.get(`${LIST}/revoke?id=${id}`);
    expect(question.text).toContain("Revoke Backup?");
    const done = await visitor.post(`${LIST}/revoke`, { id, name: "Backup" });
    expect(done.location).toBe(`${LIST}?notice=revoked`);
    const { text } = await visitor.get(done.location ?? "");
    expect([text.includes("It no longer works."), keyIn(text)]).toEqual([true, undefined]);
    expect((await call(world, "verify", key, { apiKeys: true })).ok).toBe(false);
  });

  it("name what is wrong, and keep what was typed", async () => {
    const { visitor } = await signedIn();
    const unchosen = await visitor.post(CREATE, { name: "Backup", expires_in: "2592000" });
    expect([unchosen.status, mainOf(unchosen.text)]).toEqual([422, expect.stringContaining("Choose at least one")]);
    expect(unchosen.text).toContain('value="Backup"');
    expect(unchosen.text).toMatch(/<option value="2592000" selected="">30 days/);
    const forged = await visitor.post(CREATE, { ...FIELDS, "scopes.openid": "on" });
    expect(forged.status).toBe(422);
    expect(forged.text).toMatch(/name="scopes.notes:read" checked=""/);
    expect((await visitor.post(CREATE, { ...FIELDS, expires_in: "soon" })).status).toBe(422);
    expect(await rowCount("api_keys")).toBe(0);
    expect((await visitor.post(CREATE, { ...FIELDS, expires_in: "never" })).status).toBe(303);
    expect(await rows("api_keys")).toMatchObject([{ expires_at: null }]);
  });

  it("ask for the password some minutes after the sign-in", async () => {
    const { visitor } = await signedIn();
    later(6);
    expect((await visitor.get(CREATE)).text).toContain('id="password"');
    expect((await visitor.post(CREATE, FIELDS)).text).toContain('id="password"');
    expect((await visitor.post(CREATE, { ...FIELDS, password: PASSWORD })).location).toBe(LIST);
  });

  it("ask for the second factor of an account that has one", async () => {
    const { world, visitor, login } = await signedIn();
    const { access_token } = await login();
    const post = async (path: string, body: object, token?: string) =>
      (await world.call("POST", path, { body, ...(token && { token }) })).json;
    const app = await addApp(post, access_token);
    visitor.cookies.clear();
    await visitor.signIn();
    await visitor.post("/sign-in/second-factor", { code: appCode(app.secret, 1) });
    later(6);
    expect((await visitor.get(CREATE)).location).toContain("/account/confirm-identity");
  });

  it("show a new key to its user alone", async () => {
    const { world, visitor } = await signedIn();
    await visitor.post(CREATE, FIELDS);
    const other = createVisitor(world);
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await other.signIn("john@example.com");
    const cookie = visitor.cookies.get("__Host-api_key") ?? "";
    expect(cookie).not.toContain("gh_");
    other.cookies.set("__Host-api_key", cookie);
    expect(keyIn((await other.get(LIST)).text)).toBeUndefined();
    expect((await other.get(`${LIST}/revoke?id=${(await rows("api_keys"))[0]?.id}`)).location).toBe(LIST);
  });

  it("do not exist unless the setting is on", async () => {
    const { visitor } = await signedIn();
    const off = createVisitor(createWorld({ API_KEYS: "off" }));
    for (const [name, value] of visitor.cookies) off.cookies.set(name, value);
    expect((await off.get("/account")).text).not.toContain(LIST);
    expect((await off.get(LIST)).location).toBe("/account");
    expect((await off.get(CREATE)).location).toBe("/account");
    expect((await off.get(`${LIST}/revoke?id=x`)).location).toBe("/account");
    expect((await off.post(CREATE, FIELDS)).status).toBe(404);
    expect(await rowCount("api_keys")).toBe(0);
  });
});
