import { describe, expect, it } from "vitest";
import {
  authorizePath,
  CALLBACK,
  createSignedIn,
  refreshTo,
  register,
  request,
  silentClient,
} from "../support/oauth.ts";
import { LOOK_ALIKES } from "../support/redirect-uris.ts";
import { createVisitor } from "../support/visitor.ts";
import { dumpRows, ISSUER } from "../support/world.ts";

type Change = (params: URLSearchParams) => unknown;

const LONG = "x".repeat(100_000);
const set = (name: string, value: string) => (params: URLSearchParams) => params.set(name, value);
const twice = (name: string) => (params: URLSearchParams) => params.append(name, params.get(name) ?? "x");
const to = (uri: string) => set("redirect_uri", uri);

/** Requests whose answer must not leave the service, and the code on the page. */
const UNTRUSTED: [string, Change, string?][] = [
  ["no client", (params) => params.delete("client_id")],
  ["an empty client", set("client_id", "")],
  ["two clients", twice("client_id")],
  [
    "a list of clients",
    (params) => {
      params.append("client_id[]", params.get("client_id") ?? "");
      params.delete("client_id");
    },
  ],
  ["an unknown client", set("client_id", crypto.randomUUID()), "unknown_client"],
  ["a long client id", set("client_id", LONG)],
  ["a null character", set("client_id", "a\0b")],
  ["no redirect URI", (params) => params.delete("redirect_uri")],
  ["two redirect URIs", twice("redirect_uri")],
  ["a long redirect URI", to(`${CALLBACK}?${LONG}`)],
  ["text", to("callback")],
  ["a path", to("//app.example/callback")],
  ["an impossible port", to("http://127.0.0.1:99999/cb?app=1")],
  ["a path with an empty host", to("https://")],
  ...LOOK_ALIKES.map((uri): [string, Change, string] => [uri, to(uri), "invalid_redirect_uri"]),
];

/** Requests that their client gets back, with an error and perhaps without the state. */
const WRONG: [string, Change, string, null?][] = [
  ["no response type", set("response_type", ""), "invalid_request"],
  ["the implicit flow", set("response_type", "token"), "unsupported_response_type"],
  ["the hybrid flow", set("response_type", "code id_token"), "unsupported_response_type"],
  ...["scope", "response_type", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age"].map(
    (name): [string, Change, string] => [
      `${name} twice`,
      (params) => {
        params.set(name, params.get(name) ?? "1");
        twice(name)(params);
      },
      "invalid_request",
    ],
  ),
  ["two states", twice("state"), "invalid_request", null],
  ["a state of 100 KB", set("state", LONG), "invalid_request", null],
  ["a scope of 100 KB", set("scope", LONG), "invalid_request"],
  ["an unknown parameter of 100 KB", set("x", LONG), "invalid_request"],
  ["a null character in the nonce", set("nonce", "a\0b"), "invalid_request"],
  ["no PKCE", (params) => params.delete("code_challenge"), "invalid_request"],
  ["PKCE with plain", set("code_challenge_method", "plain"), "invalid_request"],
  ["PKCE with no method", (params) => params.delete("code_challenge_method"), "invalid_request"],
  ["a short challenge", set("code_challenge", "x".repeat(42)), "invalid_request"],
  ["a challenge in another alphabet", set("code_challenge", "+".repeat(43)), "invalid_request"],
  ["a form as the answer", set("response_mode", "form_post"), "invalid_request"],
  ["a fragment as the answer", set("response_mode", "fragment"), "invalid_request"],
  ["a request object", set("request", "eyJ"), "request_not_supported"],
  ["a request by reference", set("request_uri", "https://evil.test"), "request_uri_not_supported"],
  ["an unknown prompt", set("prompt", "login never"), "invalid_request"],
  ["none and another prompt", set("prompt", "none login"), "invalid_request"],
  ...["-1", "1.5", "1e3", "soon", "1234567890"].map((age): [string, Change, string] => [
    `a max_age of ${age}`,
    set("max_age", age),
    "invalid_request",
  ]),
  ["an unknown resource", set("resource", "https://evil.test/mcp"), "invalid_target"],
  ["a resource with a fragment", set("resource", "https://notes.example/mcp#x"), "invalid_target"],
  [
    "two resources",
    (params) => {
      params.set("resource", "https://notes.example/mcp");
      twice("resource")(params);
    },
    "invalid_target",
  ],
];

describe("an authorization request", () => {
  it("whose client or redirect URI cannot be trusted gets a page, and writes nothing", async () => {
    const { ask } = await silentClient();
    const before = await dumpRows();
    for (const [title, change, code = "invalid_request"] of UNTRUSTED) {
      // The page comes first, whatever else is wrong.
      for (const more of [set("x", "1"), set("response_type", "token")]) {
        const { status, location, headers, text } = await ask((params) => [change(params), more(params)]);
        const refused = code === "invalid_request" ? 422 : 400;
        expect([title, status, location, refreshTo(headers)]).toEqual([title, refused, null, undefined]);
        expect([title, /<code>(\w+)</.exec(text)?.[1]]).toEqual([title, code]);
      }
    }
    expect(await dumpRows()).toEqual(before);
  });

  it("that is wrong otherwise goes back with the error, the state and the issuer, and writes nothing", async () => {
    const { ask } = await silentClient();
    const before = await dumpRows();
    for (const [title, change, error, state = "state-1"] of WRONG) {
      const url = new URL((await ask(change)).location ?? "");
      const { error_description, ...answered } = Object.fromEntries(url.searchParams);
      expect([title, url.origin + url.pathname, answered]).toEqual([
        title,
        CALLBACK,
        { error, iss: ISSUER, ...(state && { state }) },
      ]);
      expect(error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      if (error === "invalid_target") expect(error_description).toContain("OAUTH_RESOURCES");
    }
    expect(await dumpRows()).toEqual(before);
  });

  it("that has what a request may have gets its code, whatever the port of a loopback URI", async () => {
    const { ask } = await silentClient();
    for (const change of [
      set("x", ""),
      set("state", ""),
      set("nonce", ""),
      set("response_mode", "query"),
      set("scope", "openid unknown openid"),
      set("scope", ""),
      set("resource", "https://notes.example/mcp/"),
      set("state", "\u{1f600}&iss=https://evil.test#"),
    ]) {
      const { searchParams } = new URL((await ask(change)).location ?? "");
      expect(searchParams.get("code")).toMatch(/^[\w-]{43}$/);
      expect(searchParams.getAll("iss")).toEqual([ISSUER]);
    }
    // The state, if any, comes back as it was sent.
    const { location } = await ask(set("state", "a b+c%20&d=\u00fc"));
    expect(new URL(location ?? "").searchParams.get("state")).toBe("a b+c%20&d=\u00fc");
    expect(new URL((await ask(set("state", ""))).location ?? "").searchParams.has("state")).toBe(false);
    for (const port of [":53789", ""]) {
      const { status, text } = await ask(to(`http://127.0.0.1${port}/cb?app=1`));
      expect([status, text.includes("The app runs on your device")]).toEqual([200, true]);
    }
  });

  it("by POST goes on by GET, with the cookies of the browser", async () => {
    const { world, client, visitor } = await silentClient();
    const { params } = await request(client);
    const posted = await createVisitor(world).post("/oauth/authorize", Object.fromEntries(params), {
      origin: "https://app.example",
      "sec-fetch-site": "cross-site",
    });
    expect([posted.status, posted.location]).toEqual([303, authorizePath(params)]);
    expect((await visitor.get(posted.location!, { "sec-fetch-site": "cross-site" })).location).toContain("code=");

    const twice = new URLSearchParams([...params, ["resource", "https://notes.example/mcp"], ["resource", "x"]]);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const several = await visitor.send("/oauth/authorize", { method: "POST", headers, body: twice.toString() });
    const { location } = await visitor.get(several.location!, { "sec-fetch-site": "cross-site" });
    expect(new URL(location!).searchParams.get("error")).toBe("invalid_target");

    const head = await visitor.send(authorizePath(params), { method: "HEAD" });
    expect([head.status, head.location]).toEqual([405, null]);
  });

  it("of a client without the grant goes back with unauthorized_client", async () => {
    const { world, visitor } = await createSignedIn();
    const { client } = await register(world, { first_party: true, grant_types: ["refresh_token"] });
    const { params } = await request(client);
    const before = await dumpRows();
    const { location } = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
    expect(new URL(location ?? "").searchParams.get("error")).toBe("unauthorized_client");
    expect(await dumpRows()).toEqual(before);
  });
});
