import { describe, expect, it } from "vitest";
import { postTo } from "../support/authenticator.ts";
import { addPasskey } from "../support/passkeys.ts";
import { rowCount, rows } from "../support/rows.ts";
import { ANN, createSocialWorld, settingsFor, signedUpAt, signInAt, start, vouch } from "../support/social.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD, stopClock } from "../support/world.ts";

type Visitor = ReturnType<typeof createVisitor>;

const tokenOf = (visitor: Visitor) => visitor.cookies.get("__Host-access_token") ?? "";

/** No code signs in. */
const SETTINGS = { LOGIN_METHODS: "password,passkey" };

/** Ann, who has an account by her identity and nothing else. */
async function ann() {
  const { world, acme, upstreams } = await createSocialWorld(SETTINGS);
  const visitor = await signedUpAt(world, acme);
  const call = (method: string, path: string, body?: object) =>
    world.call(method, path, { token: tokenOf(visitor), ...(body && { body }) });
  const [{ id } = { id: "" }] = (await call("GET", "/users/me/identities")).json.identities;
  return { world, acme, upstreams, visitor, call, id };
}

describe("the identities of an account", () => {
  it("are listed without their subject, and counted among the factors", async () => {
    const { call, acme } = await ann();
    const { json, text } = await call("GET", "/users/me/identities");

    expect(json.identities).toEqual([
      {
        id: expect.any(String),
        provider: "acme",
        email: ANN.email,
        linked_at: expect.any(String),
        last_used_at: expect.any(String),
      },
    ]);
    expect(text).not.toMatch(new RegExp(`${ANN.sub}|${acme.issuer}`));
    expect((await call("GET", "/users/me/factors")).json).toMatchObject({ password: false, identities: 1 });
  });

  it("keep the last way in", async () => {
    const { call, id, world, visitor } = await ann();
    expect((await call("DELETE", `/users/me/identities/${id}`)).json.code).toBe("last_credential");
    const { text } = await visitor.post("/account/identities/remove", { id, provider: "acme" });
    expect(text).toContain("It&#39;s your only way to sign in.");

    await call("POST", "/users/me/password", { new_password: PASSWORD, transport: "body" });
    const { json } = await world.post("/auth/login", { identifier: ANN.email, password: PASSWORD });
    const removed = await world.call("DELETE", `/users/me/identities/${id}`, { token: json.access_token });
    expect([removed.status, await rowCount("identities")]).toEqual([200, 0]);
  });

  it("count as a way in when a password or a passkey is removed", async () => {
    const { world, call } = await ann();
    const changed = await call("POST", "/users/me/password", { new_password: PASSWORD, transport: "body" });
    const removed = await world.call("DELETE", "/users/me/password", { token: changed.json.access_token });
    expect([changed.status, removed.status, await rowCount("passwords")]).toEqual([200, 200, 0]);

    const { access_token: token } = await addPasskey(postTo(world), removed.json.access_token);
    const [{ id } = { id: "" }] = (await world.call("GET", "/users/me/passkeys", { token })).json.passkeys;
    const gone = await world.call("DELETE", `/users/me/passkeys/${id}`, { token });
    expect([gone.status, await rowCount("passkeys")]).toEqual([200, 0]);
  });

  it("do not count as a way in if the service no longer has their provider", async () => {
    const { call } = await ann();
    const { json } = await call("POST", "/users/me/password", { new_password: PASSWORD, transport: "body" });
    const without = createWorld({ ...SETTINGS, IDENTITY_PROVIDERS: "" });

    const removed = await without.call("DELETE", "/users/me/password", { token: json.access_token });
    expect(removed.json.code).toBe("last_credential");
  });

  it("of another user cannot be unlinked", async () => {
    const { id, upstreams } = await ann();
    const { world, login } = await createWorldWithJane(settingsFor(upstreams));
    const { access_token } = await login();

    expect((await world.call("DELETE", `/users/me/identities/${id}`, { token: access_token })).status).toBe(404);
    expect(await rowCount("identities")).toBe(1);
  });

  it("are gone with the account", async () => {
    const { call } = await ann();
    expect((await call("DELETE", "/users/me")).status).toBe(204);

    expect([await rowCount("users"), await rowCount("identities")]).toEqual([0, 0]);
  });

  it("renew an old sign-in of a user who has nothing else", async () => {
    const { visitor, acme, id } = await ann();
    stopClock(Date.now() + 601_000);
    const asked = await visitor.get(`/account/identities/remove?id=${id}`);
    expect(asked.location).toMatch(/^\/account\/confirm-identity\?/);
    const page = await visitor.get("/account/confirm-identity?return_to=/account/delete");
    const [, href = ""] = /href="(\/auth\/social\/acme[^"]*)"/.exec(page.text) ?? [];
    expect(page.text).not.toContain('name="password"');

    acme.at = Date.now();
    expect((await signInAt(visitor, acme, ANN, { path: href })).location).toBe("/account/delete");
    expect((await visitor.get("/account/delete")).status).toBe(200);
  });

  it("are purged with an account whose address nobody proved or used", async () => {
    const { world, acme } = await createSocialWorld();
    await signedUpAt(world, acme, { sub: "nobody" });
    await world.env.DB.exec("update users set email = 'nobody@example.com'");
    const [{ id } = { id: "" }] = (await rows("users")) as { id: string }[];
    // The minute of the day in which the schedule examines this account.
    const minute = Math.floor((Number.parseInt(id.slice(0, 8), 16) / 2 ** 32) * 1440);
    const today = Math.floor(Date.now() / 86_400_000);
    stopClock((today + 40) * 86_400_000 + minute * 60_000);
    await world.schedule();

    expect([await rowCount("users"), await rowCount("identities")]).toEqual([0, 0]);
  });
});

describe("POST /users/me/identities", () => {
  async function jane(settings: Partial<Env> = {}) {
    const { upstreams, acme } = await createSocialWorld();
    const { world } = await createWorldWithJane({ ...settingsFor(upstreams), ...settings });
    const visitor = createVisitor(world);
    await visitor.signIn();
    const ask = (body: object) => world.call("POST", "/users/me/identities", { token: tokenOf(visitor), body });
    return { world, acme, visitor, ask };
  }

  it("returns the address that links in the browser with the session", async () => {
    const { acme, visitor, ask } = await jane();
    const { json } = await ask({ provider: "acme", return_to: "https://app.test/settings" });
    const { state, nonce } = await start(visitor, json.url);
    await vouch(acme, nonce, ANN);
    const answer = await visitor.get(`/auth/social/acme/callback?${new URLSearchParams({ code: "c", state })}`);

    expect([answer.location, await rows("identities")]).toMatchObject([
      "https://app.test/settings",
      [{ subject: ANN.sub, email: ANN.email }],
    ]);
  });

  it("needs a proof, a known provider and an allowed return address", async () => {
    const { ask } = await jane({ REAUTHENTICATION_SECONDS: "0" });
    const codeOf = async (body: object) => (await ask(body)).json.code;

    expect(await codeOf({ provider: "acme" })).toBe("reauthentication_required");
    expect(await codeOf({ provider: "acme", password: "wrong-horse-9" })).toBe("invalid_credentials");
    expect(await codeOf({ provider: "nope", password: PASSWORD })).toBe("not_found");
    expect(await codeOf({ provider: "acme", password: PASSWORD, return_to: "https://evil.test" })).toBe(
      "invalid_request",
    );
  });
});
