import { generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { base64url, decodeJwt, importJWK, type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { post } from "../support/clone-server.ts";
import { sharedService } from "../support/shared-service.ts";
import { against, installVerifiers, removeVerifiers, snippets, verifiers } from "../support/verifiers.ts";

/** The verifiers that npm and Debian do not have. The guide says which snippet is not tested. */
const UNTESTED = ["Spring Security"];
const tested = snippets.filter(({ name }) => !UNTESTED.includes(name));
const runnable = tested.filter(({ language }) => verifiers[language]);

const ACCOUNT = { email: "vera@example.com", password: "correct-horse-7" };

let clone: string;
let address: string;
let good: string;
/** Tokens that no verifier accepts, by what is wrong with them. */
let bad: Record<string, string>;

beforeAll(async () => {
  installVerifiers();
  ({ clone, address } = await sharedService());
  await post(`${address}/auth/register`, ACCOUNT);
  const login = (await (await post(`${address}/auth/login`, ACCOUNT)).json()) as Record<string, string>;
  const { access_token = "", refresh_token = "", device_token = "" } = login;
  good = access_token;
  bad = { refresh_token, device_token, ...(await forgeriesOf(good)) };
});

afterAll(async () => {
  removeVerifiers();
});

/** Tokens that differ from a genuine one in one point. The service's own key signs most of them. */
async function forgeriesOf(token: string): Promise<Record<string, string>> {
  const { JWT_SIGNING_KEYS = "" } = parseEnv(readFileSync(join(clone, ".dev.vars"), "utf8"));
  const [jwk] = (JSON.parse(JWT_SIGNING_KEYS) as { keys: [JWK] }).keys;
  const own = await importJWK(jwk, "ES256");
  const genuine = { alg: "ES256", kid: jwk.kid ?? "", typ: "at+jwt" };
  const sign = (claims: object, header = {}, key: Parameters<SignJWT["sign"]>[0] = own) =>
    new SignJWT({ ...decodeJwt(token), ...claims }).setProtectedHeader({ ...genuine, ...header }).sign(key);
  const encode = (value: object) => base64url.encode(JSON.stringify(value));
  const [header, payload, signature] = token.split(".");
  const { privateKey: foreign } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Math.floor(Date.now() / 1000);

  return {
    expired: await sign({ iat: now - 1000, exp: now - 100 }),
    "for another audience": await sign({ aud: "https://notes.example.com" }),
    "of another issuer": await sign({ iss: "https://evil.example.com" }),
    "of another type": await sign({}, { typ: "JWT" }),
    "with an unknown key": await sign({}, { kid: randomUUID() }),
    "signed by another key": await sign({}, {}, foreign),
    "signed with the public key as a secret": await sign({}, { alg: "HS256" }, new TextEncoder().encode(`${jwk.x}`)),
    changed: `${header}.${encode({ ...decodeJwt(token), sub: randomUUID() })}.${signature}`,
    "without a signature": `${encode({ ...genuine, alg: "none" })}.${payload}.`,
  };
}

it.each(runnable)(
  "the snippet for $name accepts a token of the service and refuses all others",
  {
    timeout: 240_000,
  },
  async (snippet) => {
    const verify = verifiers[snippet.language]!;

    const [isAccepted, ...others] = await verify(against(address, snippet), [good, ...Object.values(bad)]);

    expect(isAccepted).toBe(true);
    expect(Object.keys(bad).filter((_, n) => others[n] !== false)).toEqual([]);
  },
);

// Without this, a snippet in a language that CI lacks would not be noticed.
it("the guide has a snippet for each kind of verifier, and CI runs all but those that it names", () => {
  expect(tested.map(({ name }) => name)).toEqual([
    "jose",
    "@fastify/jwt",
    "express-oauth2-jwt-bearer",
    "hono/jwk",
    "PyJWT",
    "Authlib",
    "go-oidc",
  ]);
  if (process.env["CI"]) expect(runnable).toEqual(tested);
});
