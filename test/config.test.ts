import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair } from "jose";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../src/config.ts";
import { drawKey } from "./support/signing-keys.ts";
import { createWorld } from "./support/world.ts";

let logged: string[];

beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
});

describe("an invalid setting", () => {
  it.each([
    ["ISSUER", ""],
    ["ISSUER", "auth.example.com"],
    ["ISSUER", "http://auth.example.com"],
    ["ISSUER", "https://auth.example.com/path"],
    ["ALLOWED_HOSTS", "*"],
    ["ALLOWED_HOSTS", "https://auth.internal"],
    ["ALLOWED_HOSTS", "auth.internal,AUTH.test"],
    ["ALLOWED_HOSTS", "auth.internal/path"],
    ["ALLOWED_ORIGINS", "*"],
    ["ALLOWED_ORIGINS", "https://app.test,https://app.test/"],
    ["BACKEND_SECRET", "canary"],
    ["BACKEND_SECRET", `${"canary".repeat(6)},short`],
    ["BACKEND_SECRET", `${"canary".repeat(6)} with spaces`],
    ["ISSUER", "https://*.example.com"],
    ["ACCESS_TOKEN_TYPE", "jwt"],
    ["OAUTH_CIMD", "yes"],
    ["OAUTH_CIMD_BLOCKED_HOSTS", "https://evil.example"],
    ["OAUTH_CIMD_BLOCKED_HOSTS", "evil.example,Other.example"],
    ["OAUTH_CIMD_BLOCKED_HOSTS", "*.evil.example"],
    ["OAUTH_RESOURCES", "notes"],
    ["OAUTH_RESOURCES", "http://notes.example"],
    ["OAUTH_RESOURCES", "https://notes.example/mcp?a=b"],
    ["OAUTH_RESOURCES", "https://notes.example/mcp,https://auth.test"],
    ["OAUTH_RESOURCES", "https://auth.test/"],
    ["OAUTH_RESOURCES", "https://auth.test/oauth/userinfo"],
    ["OAUTH_RESOURCES", "https://AUTH.test/x/../oauth/token"],
    ["ACCESS_TOKEN_TTL_SECONDS", "15m"],
    ["REFRESH_TOKEN_TTL_SECONDS", "0"],
    ["SESSION_MAX_AGE_SECONDS", "-1"],
    ["SESSION_MAX_AGE_SECONDS", "34560001"],
    ["REFRESH_REUSE_WINDOW_SECONDS", "301"],
    ["DEFAULT_COUNTRY", "Egypt"],
    ["DEFAULT_COUNTRY", "UK"],
    ["DEFAULT_COUNTRY", "de"],
    ["SCRYPT_PARAMS", "ln=10,r=8,p=1"],
    ["SCRYPT_PARAMS", "fast"],
    ["SCRYPT_ENGINE", "bcrypt"],
    ["JWT_SIGNING_KEYS", ""],
    ["JWT_SIGNING_KEYS", "canary-secret"],
    ["JWT_SIGNING_KEYS", '{"keys":[]}'],
    ["JWT_SIGNING_KEYS", '{"keys":[{"kty":"EC","kid":"a","alg":"ES256"}]}'],
    ["JWT_SIGNING_KEYS", JSON.stringify({ keys: Array(2).fill(JSON.parse(env.JWT_SIGNING_KEYS).keys[0]) })],
    ["JWT_SIGNING_KEYS", '{"keys":[{"kty":"EC","crv":"P-256","kid":"a","alg":"ES256","d":"canary-secret"}]}'],
    ["JWT_SIGNING_KEYS", '{"keys":[{"kty":"oct","k":"canary-secret","kid":"a","alg":"HS256","d":"x"}]}'],
    ["JWT_SIGNING_KEYS", '{"keys":[{"kty":"oct","k":"AAAA","kid":"a","alg":"ES256","d":"x"}]}'],
    [
      "JWT_SIGNING_KEYS",
      `{"keys":[${JSON.stringify({ ...JSON.parse(env.JWT_SIGNING_KEYS).keys[0], nbf: "canary" })}]}`,
    ],
    ["JWT_SIGNING_KEYS_1796000000", "canary-secret"],
    ["PEPPER", ""],
    ["PEPPER", "canary-secret"],
    ["PEPPER", `${env.PEPPER},canary-secret`],
    ["PEPPER_1796000000", "canary-secret"],
    ["REFRESH_REUSE_WINDOW_SECONDS", "-1"],
    ["FACTOR_REMOVAL_DELAY_SECONDS", "0"],
    ["TRUSTED_DEVICE_DAYS", "181"],
    ["MFA_POLICY", "on"],
    ["MFA_POLICY", "required-for-roles:"],
    ["MFA_POLICY", "required-for-roles:admin, support"],
    ["AUDIT_RETENTION_SECONDS", "0"],
    ["COOKIE_SAMESITE", "lax"],
    ["FRONTEND_URL", "app.example.com"],
    ["FRONTEND_URL", "http://app.example.com"],
    ["FRONTEND_URL", "https://app.example.com/?a=b"],
    ["FRONTEND_URL", "https://app.example.com/#a"],
    ["FRONTEND_URL", "https://canary:secret@app.example.com"],
    ["FRONTEND_URL", "javascript:alert(1)"],
    ["RESET_TOKEN_TTL_SECONDS", "59"],
    ["OTP_TTL_SECONDS", "601"],
    ["OTP_RESEND_COOLDOWN_SECONDS", "-1"],
    ["REQUIRE_VERIFICATION", "yes"],
    ["SMS_COUNTRIES", "DE;FR"],
    ["SMS_COUNTRIES", "DE,UK"],
    ["SMS_PER_DAY", "many"],
    ["SMS_PER_NETWORK_AND_DAY", "-1"],
    ["SMS_PER_COUNTRY_AND_DAY", "-1"],
    ["MAIL_FROM", "Example"],
    ["MAIL_REPLY_TO", "support"],
    ["MAIL_REPLY_TO", "a@example.com, b@example.com"],
    ["RESEND_BASE_URL", "http://api.resend.com"],
    ["TWILIO_BASE_URL", "x"],
    ["HIBP", "yes"],
    ["FAIL_CLOSED", "captchas"],
    ["LOGIN_METHODS", ","],
    ["LOGIN_METHODS", "password,sms"],
    ["LOGIN_METHODS", "Passkey"],
    ["FAIL_CLOSED", "captcha breaches"],
    ["TURNSTILE_BASE_URL", "http://challenges.cloudflare.com"],
    ["HIBP_BASE_URL", "http://api.pwnedpasswords.com"],
  ])("%s=%s stops the service and is reported with a remedy", async (name, value) => {
    const { status, json, text } = await createWorld({ [name]: value }).get("/health");

    expect([status, json.code]).toEqual([500, "misconfigured"]);
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual([name]);
    expect(json.errors[0].message).toMatch(/^Set /);
    expect(logged.join()).toContain(name);
    expect(text + logged.join()).not.toMatch(/canary|\bat .*\.ts/);
  });

  it.each([
    [{ RESEND_API_KEY: "canary" }, "MAIL_FROM"],
    [{ TWILIO_ACCOUNT_SID: "canary", TWILIO_FROM: "+12025550100" }, "TWILIO_AUTH_TOKEN"],
    [{ TWILIO_AUTH_TOKEN: "canary" }, "TWILIO_AUTH_TOKEN"],
    [{ TURNSTILE_SECRET_KEY: "canary" }, "TURNSTILE_SITE_KEY"],
    [{ TURNSTILE_SITE_KEY: "canary" }, "TURNSTILE_SITE_KEY"],
    [{ TURNSTILE_SITE_KEY: '"><script>', TURNSTILE_SECRET_KEY: "canary" }, "TURNSTILE_SITE_KEY"],
    [{ TWILIO_ACCOUNT_SID: "canary", TWILIO_AUTH_TOKEN: "canary" }, "TWILIO_FROM"],
  ])("of a half-configured provider is reported: %j", async (settings, name) => {
    const { json, text } = await createWorld(settings).get("/health");

    expect(json.errors.map((error: { path: string }) => error.path)).toEqual([name]);
    expect(text + logged.join()).not.toContain("canary");
  });

  it("is reported together with all others", async () => {
    const { json } = await createWorld({ ISSUER: "", PEPPER: "", DEFAULT_COUNTRY: "x" }).post("/auth/login", {});

    expect(json.errors.map((error: { path: string }) => error.path)).toEqual(["ISSUER", "DEFAULT_COUNTRY", "PEPPER"]);
  });

  it("that is not text is reported with its type", () => {
    const messageOf = (settings: object) => {
      const parsed = parseConfig({ ...env, ...settings });
      return parsed.ok ? [] : parsed.errors?.map(({ message }) => message);
    };

    expect(messageOf({ RP_ID: 5 })).toEqual(["Invalid input: expected string, received number"]);
    expect(messageOf({ SMS_COUNTRIES: ["DE"] })).toEqual(["Invalid input: expected string, received array"]);
    expect(messageOf({ HIBP: true })).toEqual(["Set on or off."]);
  });

  it("is reported if the environment is empty", () => {
    const parsed = parseConfig({});

    expect(parsed.ok ? [] : parsed.errors?.map(({ path }) => path)).toEqual(["ISSUER", "JWT_SIGNING_KEYS", "PEPPER"]);
  });
});

it("the settings reject unusable signing keys at start", async () => {
  const [ed25519, other] = [await drawKey("EdDSA"), await drawKey("EdDSA")];
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const rsa = { ...(await exportJWK(privateKey)), alg: "RS256", kid: "rsa" };
  const short = { kty: "RSA", alg: "RS256", kid: "short", e: "AQAB", n: rsa.n!.slice(0, 171) };
  vi.spyOn(console, "error").mockImplementation(() => undefined);

  for (const keys of [[{ ...ed25519, x: other.x }], [rsa], [ed25519, rsa, short], [{ ...ed25519, alg: "ES256" }]]) {
    const { json } = await createWorld({ JWT_SIGNING_KEYS: JSON.stringify({ keys }) }).get("/health");
    expect([json.code, json.errors?.[0].path]).toEqual(["misconfigured", "JWT_SIGNING_KEYS"]);
  }
});

it("the settings accept http only for a loopback issuer", () => {
  for (const ISSUER of [
    "http://localhost:8787",
    "http://127.0.0.1:1",
    "http://[::1]:8787",
    "https://auth.example.com",
  ]) {
    expect(parseConfig({ ...env, ISSUER }).ok).toBe(true);
  }
});

it("the settings accept APIs at the host of the issuer, and not the audience of the service under another name", () => {
  const accepts = (settings: object) => parseConfig({ ...env, ...settings }).ok;
  const api = "https://auth.test/mcp";

  expect([
    accepts({ OAUTH_RESOURCES: api }),
    accepts({ OAUTH_RESOURCES: `${api}/`, ACCESS_TOKEN_AUDIENCE: api }),
    accepts({ OAUTH_RESOURCES: "https://auth.test", ACCESS_TOKEN_AUDIENCE: api }),
  ]).toEqual([true, false, false]);
});

it("the settings allow no text messages by default, and to all countries with a loopback issuer", () => {
  const countries = (settings: object) => {
    const parsed = parseConfig({ ...env, ...settings });
    return parsed.ok ? parsed.value.SMS_COUNTRIES : undefined;
  };
  const ISSUER = "http://localhost:8787";

  expect(countries({ SMS_COUNTRIES: "" })).toEqual([]);
  expect(countries({ SMS_COUNTRIES: "", ISSUER })?.length).toBeGreaterThan(200);
  for (const issuer of [{}, { ISSUER }])
    expect(countries({ SMS_COUNTRIES: "DE, FR", ...issuer })).toEqual(["DE", "FR"]);
});

it("the settings accept several peppers in order", () => {
  const [first, second] = ["a", "b"].map((letter) => letter.repeat(43));
  const parsed = parseConfig({ ...env, PEPPER: `${first},${second}` });

  expect(parsed.ok && parsed.value.PEPPER).toEqual([first, second]);
});

it("the default scrypt parameters are those that ASVS 5.0 asks for", () => {
  const parsed = parseConfig({ ...env, SCRYPT_PARAMS: "" });

  expect(parsed.ok && parsed.value.SCRYPT_PARAMS).toEqual({ ln: 15, r: 8, p: 3 });
});

it("breached passwords are refused by default, except in development", () => {
  const hibp = (settings: object) => {
    const parsed = parseConfig({ ...env, HIBP: "", ...settings });
    return parsed.ok && parsed.value.HIBP;
  };

  expect(hibp({})).toBe("on");
  for (const ISSUER of ["http://localhost:8787", "https://127.0.0.1:8787", "http://[::1]:8787"]) {
    expect([hibp({ ISSUER }), hibp({ ISSUER, HIBP: "on" })]).toEqual(["off", "on"]);
  }
  expect(hibp({ ISSUER: "https://localhost.example.com" })).toBe("on");
  expect(hibp({ HIBP: "off" })).toBe("off");
});

it("the settings have the defaults that .dev.vars.example shows", async () => {
  const secrets = { JWT_SIGNING_KEYS: JSON.stringify({ keys: [await drawKey("ES256")] }), PEPPER: env.PEPPER };
  const own = {
    SCRYPT_ENGINE: "noble",
    HIBP: "",
    ALLOWED_ORIGINS: "",
    DEFAULT_COUNTRY: "",
    SMS_COUNTRIES: "",
    IDENTITY_PROVIDERS: "",
    API_KEYS: "",
    OAUTH_SCOPES: "",
    OAUTH_RESOURCES: "",
  };
  const shown = parseConfig({ ...env, ...own, ...secrets });
  const defaults = parseConfig({ ISSUER: env.ISSUER, ...secrets });

  expect(shown.ok).toBe(true);
  expect(shown).toEqual(defaults);
});
