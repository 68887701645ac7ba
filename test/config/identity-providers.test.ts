import { env } from "cloudflare:workers";
import { exportPKCS8, generateKeyPair } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import type { Json } from "../support/upstream.ts";

const CLIENT = { client_id: "id", client_secret: "canary-secret" };
const ACME = { id: "acme", issuer: "https://id.acme.example/", ...CLIENT };
const TEAM = { preset: "apple", client_id: "com.example.web", team_id: "TEAM123456", key_id: "KEY1234567" };

let pem: string;
let rsaPem: string;

beforeAll(async () => {
  const [ec, rsa] = [
    await generateKeyPair("ES256", { extractable: true }),
    await generateKeyPair("RS256", { extractable: true }),
  ];
  [pem, rsaPem] = [await exportPKCS8(ec.privateKey), await exportPKCS8(rsa.privateKey)];
});

const parse = (setting: unknown) =>
  parseConfig({ ...env, IDENTITY_PROVIDERS: typeof setting === "string" ? setting : JSON.stringify(setting) });

function providersOf(setting: unknown) {
  const parsed = parse(setting);
  return parsed.ok ? parsed.value.IDENTITY_PROVIDERS : parsed.errors;
}

describe("IDENTITY_PROVIDERS", () => {
  it("is optional", () => {
    expect([providersOf(""), providersOf("[]")]).toEqual([[], []]);
  });

  it.each<[string, Json, Json]>([
    [
      "Google",
      { preset: "google", ...CLIENT },
      {
        id: "google",
        name: "Google",
        kind: "google",
        issuer: "https://accounts.google.com",
        scopes: ["openid", "email", "profile"],
      },
    ],
    [
      "GitHub",
      { preset: "github", ...CLIENT },
      { id: "github", name: "GitHub", issuer: "https://github.com", scopes: ["read:user", "user:email"] },
    ],
    [
      "a GitHub Enterprise Server",
      { preset: "github", id: "ghes", issuer: "https://git.example.com/", ...CLIENT },
      { id: "ghes", kind: "github", issuer: "https://git.example.com" },
    ],
    [
      "Microsoft",
      { preset: "microsoft", ...CLIENT },
      { id: "microsoft", name: "Microsoft", issuer: "https://login.microsoftonline.com/common/v2.0" },
    ],
    [
      "one tenant of Microsoft",
      { preset: "microsoft", tenant: "contoso.example", ...CLIENT },
      { kind: "microsoft", issuer: "https://login.microsoftonline.com/contoso.example/v2.0" },
    ],
    [
      "an OpenID provider",
      ACME,
      { id: "acme", name: "acme", kind: "oidc", issuer: "https://id.acme.example/", callbackMethod: "GET" },
    ],
    [
      "a name and scopes",
      { ...ACME, name: "Acme Inc.", scopes: ["openid"] },
      { name: "Acme Inc.", scopes: ["openid"] },
    ],
    ["a provider on this machine", { ...ACME, issuer: "http://localhost:4000" }, { issuer: "http://localhost:4000" }],
  ])("configures %s", (_, entry, expected) => {
    const credential = { clientSecret: "canary-secret" };

    expect(providersOf([entry])).toMatchObject([{ clientId: "id", credential, ...expected }]);
  });

  it.each([
    ["as in the file", () => pem],
    ["with escaped line breaks", () => pem.replaceAll("\n", "\\n")],
    ["without line breaks", () => pem.replaceAll("\n", "")],
    ["without its first and last line", () => pem.replace(/-----[A-Z ]+-----/g, "")],
  ])("configures Apple with a private key %s", (_, key) => {
    expect(providersOf([{ ...TEAM, private_key: key() }])).toMatchObject([
      {
        id: "apple",
        kind: "apple",
        issuer: "https://appleid.apple.com",
        callbackMethod: "POST",
        scopes: ["name", "email"],
        credential: { teamId: "TEAM123456", keyId: "KEY1234567", privateKey: { kty: "EC", crv: "P-256" } },
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "canary", "a JSON list"],
    ["an object", { google: CLIENT }, "a JSON list"],
    ["an entry that is none", ["canary"], "only id, "],
    ["an unknown field", [{ ...ACME, canary: 1 }], "only id, "],
    ["no preset and no issuer", [{ id: "acme", ...CLIENT }], "preset"],
    ["an unknown preset", [{ preset: "canary", ...CLIENT }], "preset"],
    ["no id", [{ ...ACME, id: undefined }], "id"],
    ["an id with other letters", [{ ...ACME, id: "Canary" }], "id"],
    ["an id that is too long", [{ ...ACME, id: "a".repeat(33) }], "id"],
    [
      "one id twice",
      [
        { preset: "google", ...CLIENT },
        { ...ACME, id: "google" },
      ],
      "id",
    ],
    [
      "one preset twice",
      [
        { preset: "google", ...CLIENT },
        { preset: "google", ...CLIENT },
      ],
      "id",
    ],
    ["an issuer over http", [{ ...ACME, issuer: "http://canary.example" }], "issuer"],
    ["an issuer with a query", [{ ...ACME, issuer: "https://id.example/?canary" }], "issuer"],
    ["an issuer that is a path", [{ ...ACME, issuer: "/canary" }], "issuer"],
    ["no client id", [{ ...ACME, client_id: undefined }], "client_id"],
    ["no client secret", [{ ...ACME, client_secret: "" }], "client_secret"],
    ["an empty name", [{ ...ACME, name: "" }], "name"],
    ["scopes as text", [{ ...ACME, scopes: "openid canary" }], "scopes"],
    ["scopes without openid", [{ ...ACME, scopes: ["email"] }], "scopes"],
    ["a scope with a space", [{ ...ACME, scopes: ["openid email"] }], "scopes"],
    ["a tenant without Microsoft", [{ ...ACME, tenant: "common" }], "tenant"],
    ["a tenant with a slash", [{ preset: "microsoft", tenant: "a/b", ...CLIENT }], "tenant"],
    ["Apple with a client secret", [{ preset: "apple", ...CLIENT }], "client_secret"],
    ["Apple without its key", [TEAM], "private_key"],
    ["a key without Apple", [{ ...ACME, key_id: "canary" }], "key_id"],
    ["a key that is none", [{ ...TEAM, private_key: "canary" }], "private_key"],
  ])("with %s is reported with a remedy and without a value", (_, setting, field) => {
    const errors = providersOf(setting) as { path: string; message: string }[];

    expect(errors[0]).toMatchObject({ path: "IDENTITY_PROVIDERS" });
    expect(errors.map(({ message }) => message).join("\n")).toContain(`Set ${field}`);
    expect(JSON.stringify(errors)).not.toMatch(/canary/i);
  });

  it("refuses a key for RS256, and the public half of a key", () => {
    for (const private_key of [rsaPem, pem.slice(0, 120)]) {
      expect(providersOf([{ ...TEAM, private_key }])).toMatchObject([{ path: "IDENTITY_PROVIDERS" }]);
    }
  });

  it("names every wrong entry by its number", () => {
    const errors = providersOf([{ ...ACME, client_id: "" }, ACME, { ...ACME, id: "other", name: 1, issuer: 2 }]);

    expect((errors as { message: string }[]).map(({ message }) => /^Set (\w+ in entry \d)/.exec(message)?.[1])).toEqual(
      ["client_id in entry 1", "issuer in entry 3", "name in entry 3"],
    );
  });
});
