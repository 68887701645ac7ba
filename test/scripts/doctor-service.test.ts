import { beforeEach, describe, expect, it } from "vitest";
import { drawKey } from "../../scripts/keys.ts";
import { publicHalf, type SigningJwk } from "../../src/crypto/keys.ts";
import { LATEST_MIGRATION } from "../../src/storage/latest-migration.ts";
import type { Project } from "../support/cloudflare-account.ts";
import { bad, deployFirst, examine, project } from "../support/examined-deployment.ts";

const URL_OF_SERVICE = "https://auth.example.com";
const DAY = 86_400;
const LONG_AGO = `PEPPER_${Math.floor(Date.now() / 1000 - 40.5 * DAY)}`;

deployFirst();
beforeEach(() => {
  project.answers = {};
});

describe("npm run doctor, of a service,", { timeout: 120_000 }, () => {
  const failure = (code: string) => Object.assign(new TypeError("fetch failed"), { cause: { code } });
  const ready = { status: "ready", migration: LATEST_MIGRATION, mail: true, sms: false };
  it.each([
    [
      "a name without an address",
      { "/health/ready": failure("ENOTFOUND") },
      "fail service: https://auth.example.com does not answer (ENOTFOUND). The name has no address yet.",
    ],
    [
      "a certificate that is not there yet",
      { "/health/ready": failure("ERR_TLS") },
      "fail service: https://auth.example.com does not answer (ERR_TLS). A new domain gets",
    ],
    [
      "something else at the address",
      { "/health/ready": [200, "<html>"] },
      "fail service: https://auth.example.com/health/ready answered 200 . It is not Gatehouse",
    ],
    [
      "a refused host",
      { "/health/ready": [421, { code: "misdirected_request" }] },
      "fail service: https://auth.example.com is not the host of ISSUER",
    ],
    [
      "a database that does not respond",
      { "/health/ready": [503, { code: "storage_unavailable", detail: "Try again." }] },
      "fail service: https://auth.example.com/health/ready answered 503 storage_unavailable. Try again.",
    ],
    [
      "a wrong secret",
      { "/health/ready": [500, { code: "misconfigured", errors: [{ path: "PEPPER", message: "Set 32." }] }] },
      "fail service: PEPPER: Set 32.",
    ],
    [
      "what the service misses",
      { "/health/ready": [503, { code: "not_ready", errors: [{ path: "DB", message: "Migrate." }] }] },
      "fail service: DB: Migrate.",
    ],
    [
      "peppers that were replaced long ago",
      { "/health/ready": [200, { ...ready, pepper: LONG_AGO, earlier_peppers: 2 }] },
      `warn peppers: ${LONG_AGO} is used for 40 days, and 2 earlier ones are still accepted. Count what needs them, and delete: npm run pepper -- prune --issuer ${URL_OF_SERVICE} --env production`,
    ],
    [
      "a service without mail",
      { "/health/ready": [200, { ...ready, mail: false }] },
      "fail mail: The service can send none.",
    ],
    [
      "an older version",
      { "/health/ready": [200, { ...ready, migration: "0001_a.sql" }] },
      `warn schema: 0001_a.sql is applied, and the last one here is ${LATEST_MIGRATION}.`,
    ],
    [
      "another issuer",
      { "/.well-known/openid-configuration": [200, { issuer: "https://x.example" }] },
      "fail address: https://auth.example.com is served as https://x.example.",
    ],
    [
      "no keys",
      { "/.well-known/jwks.json": [200, { keys: [] }] },
      "fail keys: https://auth.example.com serves no keys, or malformed ones.",
    ],
  ] as [string, Project["answers"], string][])("finds %s", async (_, answers, expected) => {
    project.answers = answers;

    const found = bad(await examine());

    expect(found.map((line) => line.slice(0, expected.length))).toEqual([expected]);
    expect(process.exitCode === 1).toBe(expected.startsWith("fail"));
  });

  const keyOf = (days: number, more: Partial<SigningJwk> = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return { ...publicHalf(drawKey("ES256")), iat: now - days * DAY, ...more };
  };
  const rotate = `--issuer ${URL_OF_SERVICE} --env production`;
  it.each([
    [
      "an old key",
      () => [keyOf(400)],
      [`warn keys: K (ES256) signs, 400 days old. Rotate it: npm run keys -- rotate ${rotate}`],
    ],
    [
      "a replaced key",
      () => [keyOf(3), keyOf(100)],
      [`warn keys: 1 replaced key is still accepted. Remove: npm run keys -- prune ${rotate}`],
    ],
    [
      "no fault in a key that signs tomorrow",
      () => [keyOf(3), keyOf(0, { nbf: Math.floor(Date.now() / 1000) + DAY })],
      [],
    ],
    ["no fault in a key of unknown age", () => [keyOf(0, { iat: undefined as never })], []],
  ])("finds %s", async (_, keys, expected) => {
    project.answers = { "/.well-known/jwks.json": [200, { keys: keys() }] };

    const found = bad(await examine());

    expect(found.map((line) => line.replace(/[\da-f-]{36}/, "K"))).toEqual(expected);
  });
});
