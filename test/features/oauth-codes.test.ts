import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { CALLBACK, codeFor, createSignedIn, refreshAs, register, tokensOf } from "../support/oauth.ts";
import { atOnce, count } from "../support/race.ts";
import { eventCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createWorld, dumpRows, JSON_TYPE, stopClock, type World } from "../support/world.ts";

const RESOURCES = { OAUTH_RESOURCES: "https://notes.example/mcp,https://other.example" };
const NOTES = { resource: "https://notes.example/mcp" };

type Form = Record<string, string>;

const without = (form: Form, name: string) => Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
});
const send = (world: World, body: string | Form, headers: Record<string, string> = {}) =>
  world.send("/oauth/token", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: typeof body === "string" ? body : `${new URLSearchParams(body)}`,
  });

/** Jane has allowed two clients, of which the first has a code that it has not used. */
async function withCode() {
  const { world, visitor } = await createSignedIn(RESOURCES);
  const own = await register(world);
  const other = await register(world);
  const app = await register(world, { token_endpoint_auth_method: "none" });
  const { refresh_token } = await tokensOf(world, visitor, own, NOTES);
  const form = await codeFor(visitor, own, NOTES);
  return { world, visitor, own, other, app, form, refresh_token: refresh_token as string };
}

describe("an exchange of a code", () => {
  it("that is wrong gets the error that the RFC names, writes nothing, and leaves the code valid", async () => {
    const { world, own, other, app, form, refresh_token } = await withCode();
    const { client_id = "", client_secret = "", code = "" } = form;
    const anonymous = without(without(form, "client_id"), "client_secret");
    const cases: [string, string | Form, number, string, Form?][] = [
      ["no grant", without(form, "grant_type"), 400, "invalid_request"],
      ["no code", without(form, "code"), 400, "invalid_request"],
      ["an empty code", { ...form, code: "" }, 400, "invalid_request"],
      ["no verifier", without(form, "code_verifier"), 400, "invalid_request"],
      ["a code twice", `${new URLSearchParams(form)}&code=${code}`, 400, "invalid_request"],
      ["a null character", { ...form, code: `${code}\0` }, 400, "invalid_request"],
      ["JSON", JSON.stringify(form), 400, "invalid_request", JSON_TYPE],
      ["100 KB", { ...form, code: "x".repeat(100_000) }, 413, "invalid_request"],
      ...["password", "implicit", "__proto__", "constructor", "toString"].map(
        (grant_type): [string, Form, number, string] => [
          `the grant ${grant_type}`,
          { ...form, grant_type },
          400,
          "unsupported_grant_type",
        ],
      ),
      ["another code", { ...form, code: `${code.slice(1)}x` }, 400, "invalid_grant"],
      ["another verifier", { ...form, code_verifier: "x".repeat(43) }, 400, "invalid_grant"],
      ["a short verifier", { ...form, code_verifier: form["code_verifier"]!.slice(0, 42) }, 400, "invalid_grant"],
      ["a long verifier", { ...form, code_verifier: "x".repeat(129) }, 400, "invalid_grant"],
      ["another redirect URI", { ...form, redirect_uri: `${CALLBACK}/` }, 400, "invalid_grant"],
      ["another resource", { ...form, resource: "https://other.example" }, 400, "invalid_target"],
      ["an unknown resource", { ...form, resource: "https://evil.test" }, 400, "invalid_target"],
      [
        "the code as a refresh token",
        { ...form, grant_type: "refresh_token", refresh_token: code },
        400,
        "invalid_grant",
      ],
      ["a refresh token as the code", { ...form, code: refresh_token }, 400, "invalid_grant"],
      [
        "another client",
        { ...form, client_id: other.client.client_id, client_secret: other.secret! },
        400,
        "invalid_grant",
      ],
      ["a public client", { ...anonymous, client_id: app.client.client_id }, 400, "invalid_grant"],
      ["no client", anonymous, 401, "invalid_client"],
      ["an unknown client", { ...form, client_id: crypto.randomUUID() }, 401, "invalid_client"],
      ["no secret", without(form, "client_secret"), 401, "invalid_client"],
      ["an empty secret", { ...form, client_secret: "" }, 401, "invalid_client"],
      ["the secret of another", { ...form, client_secret: other.secret! }, 401, "invalid_client"],
      ["a secret of a public client", { ...form, client_id: app.client.client_id }, 401, "invalid_client"],
      ["a wrong secret in the header", anonymous, 401, "invalid_client", basic(client_id, "wrong")],
      ["a header that is not base64", anonymous, 401, "invalid_client", { authorization: "Basic %" }],
      ["a header without a colon", anonymous, 401, "invalid_client", { authorization: `Basic ${btoa(client_id)}` }],
      ["two secrets", form, 400, "invalid_request", basic(client_id, client_secret)],
      [
        "two clients",
        { ...anonymous, client_id: other.client.client_id },
        400,
        "invalid_request",
        basic(client_id, client_secret),
      ],
    ];
    const before = await dumpRows();
    for (const [title, body, status, error, headers] of cases) {
      const answer = await send(world, body, headers);
      expect([title, answer.status, answer.json.error]).toEqual([title, status, error]);
      if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
    }
    expect(await dumpRows()).toEqual(before);

    const { json } = await send(
      world,
      { ...anonymous, redirect_uri: CALLBACK, ...NOTES },
      basic(client_id, client_secret),
    );
    expect([json.token_type, decodeJwt(json.access_token).aud]).toEqual(["Bearer", NOTES.resource]);
    expect((await refreshAs(world, own, json.refresh_token)).status).toBe(200);
  });

  it("succeeds once for fifty at the same time, in another isolate, right after the consent", async () => {
    const { world, form } = await withCode();
    const others = [createWorld(RESOURCES), createWorld(RESOURCES)];
    const answers = await atOnce(50, (n) => others[n % 2]!.form("/oauth/token", form));
    expect(
      count(
        answers.map(({ status }) => status),
        200,
      ),
    ).toBe(1);
    expect(answers.every(({ status, json }) => status === 200 || json.error === "invalid_grant")).toBe(true);

    const { json } = answers.find(({ status }) => status === 200)!;
    expect((await world.form("/oauth/introspect", { ...form, token: json.access_token })).json.active).toBe(true);
    expect(await eventCount("authorization_code_reused")).toBe(0);
  });

  it("that comes again later ends the session, for its own client alone", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, other, form } = await withCode();
    const { json } = await world.form("/oauth/token", form);
    const active = async () =>
      (await world.form("/oauth/introspect", { ...form, token: json.access_token })).json.active;

    stopClock(start + 4000);
    expect((await world.form("/oauth/token", form)).json.error).toBe("invalid_grant");
    stopClock(start + 6000);
    const foreign = { ...form, client_id: other.client.client_id, client_secret: other.secret! };
    for (const refused of [foreign, { ...form, client_secret: "wrong" }]) await world.form("/oauth/token", refused);
    expect([await active(), await eventCount("authorization_code_reused")]).toEqual([true, 0]);

    // Whoever has the code again need not have the verifier.
    expect((await world.form("/oauth/token", without(form, "code_verifier"))).status).toBe(400);
    expect([await active(), await eventCount("authorization_code_reused")]).toEqual([false, 1]);
    const again = { ...form, grant_type: "refresh_token", refresh_token: json.refresh_token };
    expect((await world.form("/oauth/token", again)).json.error).toBe("invalid_grant");
    await world.form("/oauth/token", form);
    expect(await eventCount("authorization_code_reused")).toBe(1);
  });

  it("fails after a minute", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, form } = await withCode();
    stopClock(start + 60_000);
    expect((await world.form("/oauth/token", form)).json.error).toBe("invalid_grant");
    stopClock(start + 59_999);
    expect((await world.form("/oauth/token", form)).status).toBe(200);
  });

  it("leaves the other installations of the client alone, up to twenty", async () => {
    const { world, visitor, app } = await withCode();
    const installed = [];
    for (let n = 0; n < 21; n++) installed.push(await tokensOf(world, visitor, app));
    const [first, second, ...others] = installed;
    expect((await refreshAs(world, app, first.refresh_token)).json.error).toBe("invalid_grant");
    for (const { refresh_token } of [second, ...others.slice(-1)])
      expect((await refreshAs(world, app, refresh_token)).status).toBe(200);
    // Nor does it end sessions of browsers.
    expect((await visitor.get("/account")).status).toBe(200);
  });
});

describe("the secret of a client", () => {
  it("works for a day after its rotation, beside the new one", async () => {
    const start = Date.now();
    stopClock(start);
    const { world, visitor, own } = await withCode();
    const { client_id } = own.client;
    const { value } = await administer(world, "rotateClientSecret", client_id);
    const status = async (secret: string) =>
      (await world.form("/oauth/introspect", { client_id, client_secret: secret, token: "x" })).status;
    expect([await status(own.secret!), await status(value.client_secret)]).toEqual([200, 200]);
    expect((await world.form("/oauth/token", await codeFor(visitor, own))).status).toBe(200);
    stopClock(start + 86_400_000);
    expect([await status(own.secret!), await status(value.client_secret)]).toEqual([401, 200]);
  });
});

describe("the access token of a client", () => {
  it("is for its resource or for userinfo, and never for the account", async () => {
    const { world, visitor, own } = await withCode();
    const userinfo = async (token: string) => {
      const { status, json, headers } = await world.call("GET", "/oauth/userinfo", { token });
      return [status, json.error ?? "", headers.get("www-authenticate")?.includes(`error="${json.error}"`) ?? true];
    };
    const asked = { openid: {}, plain: { scope: "email" }, notes: NOTES };
    const answers: Record<string, unknown> = {};
    for (const [name, more] of Object.entries(asked)) {
      const { access_token } = await tokensOf(world, visitor, own, more);
      answers[name] = [(await world.me(access_token)).status, ...(await userinfo(access_token))];
    }
    expect(answers).toEqual({
      openid: [401, 200, "", true],
      plain: [401, 403, "insufficient_scope", true],
      notes: [401, 401, "invalid_token", true],
    });
    expect((await rows("sessions")).filter(({ client_id }) => client_id !== null)).toHaveLength(4);
  });
});
