import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DEVICE_GRANT } from "../../src/contract/oauth-client.ts";
import { CALLBACK, codeFor, createSignedIn, credentialsOf, register, request, tokensOf } from "../support/oauth.ts";
import { LOOK_ALIKES, NO_REDIRECT_URIS } from "../support/redirect-uris.ts";
import { administer } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, dumpRows, JSON_TYPE } from "../support/world.ts";

type Form = Record<string, string>;

const FORM_TYPE = "application/x-www-form-urlencoded";
const encode = (form: Form) => `${new URLSearchParams(form)}`;
const renamed = (form: Form, name: string, other: string) =>
  Object.fromEntries(Object.entries(form).map(([key, value]) => [key === name ? other : key, value]));

/** Requests that say the same as this form in a way that no server should read. */
function malformed(form: Form): [title: string, init: RequestInit, status: number][] {
  const names = Object.keys(form);
  const send = (body: BodyInit, type: string | undefined = FORM_TYPE): RequestInit => ({
    method: "POST",
    headers: type ? { "content-type": type } : {},
    body,
  });
  const bytes = new TextEncoder().encode(encode(form));
  const multipart = new FormData();
  for (const [name, value] of Object.entries(form)) multipart.set(name, value);
  const compressed = { ...send(gzipSync(bytes)), headers: { "content-type": FORM_TYPE, "content-encoding": "gzip" } };
  return [
    ...names.flatMap((name): [string, RequestInit, number][] => [
      [`${name} twice`, send(`${encode(form)}&${encode({ [name]: form[name] ?? "" })}`), 400],
      [`${name} twice, once empty`, send(`${encode(form)}&${name}=`), 400],
      [`${name} with a null character`, send(encode({ ...form, [name]: `${form[name]}\0` })), 400],
      [`${name} of 100 KB`, send(encode({ ...form, [name]: "x".repeat(100_000) })), 413],
      [`a list of ${name}`, send(encode(renamed(form, name, `${name}[]`))), name.startsWith("client_") ? 401 : 400],
      [`a field of ${name}`, send(encode(renamed(form, name, `${name}[x]`))), name.startsWith("client_") ? 401 : 400],
    ]),
    ["text that is not UTF-8", send(`${encode(form)}&x=\xff`, `${FORM_TYPE}; charset=iso-8859-1`), 400],
    ["JSON", send(JSON.stringify(form), "application/json"), 400],
    ["a form in parts", { method: "POST", body: multipart }, 400],
    ["plain text", send(encode(form), "text/plain"), 400],
    ["bytes without a type", send(bytes, ""), 400],
    ["a compressed form", compressed, 415],
    ["nothing", { method: "POST" }, 400],
  ];
}

/** A client with a user, and what each endpoint accepts from it. */
async function createClient() {
  const { world, visitor } = await createSignedIn();
  const registered = await register(world, { grant_types: ["authorization_code", "refresh_token", DEVICE_GRANT] });
  const { refresh_token } = await tokensOf(world, visitor, registered);
  const forms: Record<string, Form> = {
    token: await codeFor(visitor, registered),
    device_authorization: credentialsOf(registered),
    introspect: { ...credentialsOf(registered), token: refresh_token },
    revoke: { ...credentialsOf(registered), token: refresh_token },
  };
  return { world, forms };
}

describe.each(["token", "device_authorization", "introspect", "revoke"])("a request to /oauth/%s", (endpoint) => {
  it("that is malformed gets an error of RFC 6749, and changes nothing", async () => {
    const { world, forms } = await createClient();
    const form = forms[endpoint] ?? {};
    const before = await dumpRows();
    for (const [title, init, status] of malformed(form)) {
      const { json, headers, ...answer } = await world.send(`/oauth/${endpoint}`, init);
      expect([title, answer.status]).toEqual([title, status]);
      expect(json.error).toMatch(/^invalid_(request|client)$/);
      expect(json.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(headers.get("access-control-allow-origin")).toBe("*");
    }
    for (const method of ["GET", "HEAD", "PUT"]) {
      const { status, headers } = await world.send(`/oauth/${endpoint}?${new URLSearchParams(form)}`, { method });
      expect([method, status, headers.get("allow")]).toEqual([method, 405, "POST"]);
    }
    const inQuery = await world.send(`/oauth/${endpoint}?${new URLSearchParams(form)}`, {
      method: "POST",
      headers: { "content-type": FORM_TYPE },
    });
    expect([400, 401]).toContain(inQuery.status);
    expect(await dumpRows()).toEqual(before);

    expect((await world.form(`/oauth/${endpoint}`, form)).status).toBe(200);
  });
});

it("an access token in a query or a form opens no userinfo", async () => {
  const { world, visitor } = await createSignedIn();
  const { access_token } = await tokensOf(world, visitor, await register(world));
  expect((await world.get(`/oauth/userinfo?access_token=${access_token}`)).status).toBe(401);
  expect((await world.form("/oauth/userinfo", { access_token })).status).toBe(401);
  const twice = { authorization: `Bearer ${access_token}, Bearer ${access_token}` };
  expect((await world.get("/oauth/userinfo", twice)).status).toBe(401);
  expect((await world.call("POST", "/oauth/userinfo", { token: access_token })).status).toBe(200);
});

it("a redirect URI with a script, a fragment, a user, or another spelling than a browser's is registered by nobody", async () => {
  const world = createWorld({ OAUTH_DCR: "on" });
  const before = await dumpRows();
  for (const uri of NO_REDIRECT_URIS) {
    for (const redirect_uris of [[uri], [CALLBACK, uri]]) {
      const created = await administer(world, "createClient", { client_name: "Notes", redirect_uris });
      expect([uri, created.code]).toEqual([uri, "invalid_request"]);
    }
    const left = await administer(world, "createClient", { client_name: "Notes", post_logout_redirect_uris: [uri] });
    expect([uri, left.code]).toEqual([uri, "invalid_request"]);
    const headers = { ...JSON_TYPE, "cf-connecting-ip": `198.51.100.${NO_REDIRECT_URIS.indexOf(uri)}` };
    const { json } = await world.post("/oauth/register", { redirect_uris: [CALLBACK, uri] }, headers);
    expect([uri, json.error]).toEqual([uri, "invalid_redirect_uri"]);
  }
  expect(await dumpRows()).toEqual(before);
  const redirect_uris = [
    CALLBACK,
    "https://app.example",
    "https://app.example:8443/?a=b&c",
    "https://xn--pp-6kc.example/",
    "http://127.0.0.1/cb",
    "http://[::1]:3000/cb?app=1",
    "http://localhost:3000",
    "com.example.app:/callback",
  ];
  expect(await administer(world, "createClient", { client_name: "Notes", redirect_uris })).toMatchObject({ ok: true });
});

it("a sign-out, a request by POST and an exchange lead to no look-alike of a registered address", async () => {
  const { world, visitor } = await createSignedIn();
  const uris = { redirect_uris: [CALLBACK, "http://127.0.0.1/cb?app=1"] };
  const registered = await register(world, { ...uris, post_logout_redirect_uris: uris.redirect_uris });
  const form = await codeFor(visitor, registered);
  const { params } = await request(registered.client);
  for (const uri of LOOK_ALIKES) {
    const logout = new URLSearchParams({ client_id: registered.client.client_id, post_logout_redirect_uri: uri });
    const left = await visitor.get(`/oauth/logout?${logout}`, { "sec-fetch-site": "cross-site" });
    expect([uri, left.status, left.location]).toEqual([uri, 400, null]);
    const exchanged = await world.form("/oauth/token", { ...form, redirect_uri: uri });
    expect([uri, exchanged.status, exchanged.json.error]).toEqual([uri, 400, "invalid_grant"]);
    params.set("redirect_uri", uri);
    const posted = await createVisitor(world).post("/oauth/authorize", Object.fromEntries(params), {
      origin: "https://app.example",
      "sec-fetch-site": "cross-site",
    });
    const asked = posted.location ? await visitor.get(posted.location, { "sec-fetch-site": "cross-site" }) : posted;
    expect([uri, asked.status >= 400, asked.location]).toEqual([uri, true, null]);
  }
  expect((await world.form("/oauth/token", form)).status).toBe(200);
});
