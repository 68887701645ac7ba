import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { servedKeys } from "../../scripts/deployed-keys.ts";
import { changeKeys, drawKey } from "../../scripts/keys.ts";
import { publicHalf, type SigningJwk } from "../../src/crypto/keys.ts";
import { createDeployment, type Deployment, outputOf, WRANGLER } from "../support/deployment.ts";

const DAY = 86_400;
const SCRIPT = resolve("scripts/keys.ts");
/** Runs a command in a pseudoterminal. Part of Debian's base system. */
const PTY = "/usr/bin/script";

const home = process.cwd();
const key = publicHalf(drawKey("ES256"));
let deployment: Deployment;

beforeEach(async () => {
  deployment = await createDeployment(key);
  process.chdir(deployment.folder);
  vi.stubEnv("WRANGLER", WRANGLER);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.chdir(home);
  deployment.close();
});

const now = () => Math.floor(Date.now() / 1000);
/** The key of an earlier rotation, as it is published. */
const startedAt = (nbf: number): SigningJwk => ({ ...publicHalf(drawKey("ES256")), nbf });

/** Runs the command in this process: a process of its own loads wrangler, which takes seconds. */
async function keys(...args: string[]): Promise<{ status: number; output: string }> {
  const printed: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => void printed.push(`${line}\n`));
  const [status, last] = await changeKeys(args).then(
    (text) => [0, `${text}\n`] as const,
    ({ message }: Error) => [1, message] as const,
  );
  return { status, output: printed.join("") + last };
}
const inProduction = (command: string, ...args: string[]) => [
  ...[command, "--issuer", deployment.issuer, "--env", "production"],
  ...args,
];
const production = (command: string, ...args: string[]) => keys(...inProduction(command, ...args));

describe("npm run keys -- rotate --issuer", { timeout: 180_000 }, () => {
  it("publishes a key a day before it signs, and leaves the secret of the signing key alone", async () => {
    const args = [SCRIPT, ...inProduction("rotate", "--yes")];
    const { status, output } = await outputOf(deployment.start("node", args));

    const [{ name, keys: set } = { name: "", keys: [] }, ...others] = deployment.stored();
    const [added, ...more] = set;
    expect([status, more, others, name]).toEqual([0, [], [], `JWT_SIGNING_KEYS_${added.nbf}`]);
    expect(deployment.changes()).toEqual([`secret put ${name} --env=production`]);
    expect(added).toMatchObject({ alg: "ES256", kid: expect.stringMatching(/^[\w-]{36}$/), d: expect.any(String) });
    expect(added.nbf - now()).toBeGreaterThan(DAY - 60);
    expect(added.nbf - now()).toBeLessThanOrEqual(DAY);
    expect(output).toContain(`serves   ${key.kid} (ES256)`);
    expect(output).toContain(`adds     ${added.kid} (ES256, signs from `);
    expect(output).not.toContain(added.d);
  });

  it("adds a key of another algorithm that signs at once", async () => {
    await production("rotate", "--yes", "--alg", "RS256", "--delay", "0");

    const [added] = deployment.stored().flatMap((secret) => secret.keys);
    expect([added.alg, added.nbf <= now(), Buffer.from(added.n, "base64url").length * 8]).toEqual([
      "RS256",
      true,
      3072,
    ]);
  });

  it("changes the environment that --env names, whatever CLOUDFLARE_ENV says", async () => {
    vi.stubEnv("CLOUDFLARE_ENV", "production");

    const { status, output } = await keys("rotate", "--issuer", deployment.issuer, "--yes");

    expect([status, deployment.changes()]).toEqual([1, []]);
    expect(output).toContain("is not the ISSUER of the top level in the wrangler configuration");
  });

  it.each([
    ["a plain http address", "http://auth.example.com", "production", "must be an https origin"],
    ["an address with a path", "https://auth.example.com/x", "", "must be an https origin"],
    ["a mistyped host", "https://auth.exmaple.com", "", "is not the ISSUER of the top level"],
    ["the issuer of staging for production", "https://staging.example.com", "production", "is not the ISSUER"],
    ["an environment without ISSUER", "https://auth.example.com", "bare", "is not the ISSUER of environment bare"],
    [
      "an unknown environment",
      "https://auth.example.com",
      "nope",
      'No environment found in configuration with name "nope"',
    ],
  ])("refuses %s", async (_, address, env, reason) => {
    const { status, output } = await keys("rotate", "--issuer", address, "--env", env, "--yes");

    expect([status, deployment.changes(), output.includes("    at ")]).toEqual([1, [], false]);
    expect(output).toContain(reason);
  });

  it("changes nothing if the deployment serves no keys", async () => {
    deployment.serve();

    const { status, output } = await production("rotate", "--yes");

    expect([status, deployment.changes(), output.includes("    at ")]).toEqual([1, [], false]);
    expect(output).toContain("serves no keys");
  });

  it.each([
    ["a key without a kid", "malformed ones", [{ ...key, kid: undefined }]],
    ["a kid that clears the screen", "malformed ones", [{ ...key, kid: "\u001b[2J" }]],
    ["a time that is no number", "malformed ones", [{ ...key, nbf: "soon" }]],
    ["a symmetric key", "malformed ones", [key, { kty: "oct", k: "AAAA", kid: "b", alg: "HS256" }]],
    ["a key that does not fit its alg", "unusable keys", [key, { ...key, kid: "b", alg: "EdDSA" }]],
  ])("refuses a set with %s", async (_, reason, set) => {
    deployment.serve(...set);

    await expect(servedKeys(deployment.issuer)).rejects.toThrow(reason);
  });

  it("refuses an error instead of keys", async () => {
    deployment.answer({ status: 500, body: "" });

    await expect(servedKeys(deployment.issuer)).rejects.toThrow("returned 500");
  });

  it("does not follow a redirect to other keys", async () => {
    const [asked, body] = [[] as unknown[], JSON.stringify({ keys: [key] })];
    const other = createServer(({ url }, response) => {
      asked.push(url);
      response.end(body);
    }).listen(0, "localhost");
    await new Promise((listening) => other.once("listening", listening));
    const location = `http://localhost:${(other.address() as AddressInfo).port}/.well-known/jwks.json`;
    deployment.answer({ status: 302, headers: { location }, body });

    const { status, output } = await production("rotate", "--yes");
    other.close();

    expect([status, deployment.changes(), asked]).toEqual([1, [], []]);
    expect(output).toContain("302");
  });

  it("refuses without a terminal and without --yes", async () => {
    const { status, output } = await production("rotate");

    expect([status, deployment.changes()]).toEqual([1, []]);
    expect(output).toContain(`serves   ${key.kid}`);
    expect(output).toContain("confirm with --yes");
  });

  it.skipIf(!existsSync(PTY)).each([
    ["y\n", "", 1, 0],
    ["n\n", "", 0, 1],
    ["\u0003", "", 0, 130],
    ["y\n", "true", 0, 1],
  ])(
    "asks at a terminal: %j with CI=%j adds %i keys and ends with %i (skipped without a pseudoterminal)",
    async (reply, CI, added, end) => {
      const command = `node ${SCRIPT} rotate --issuer ${deployment.issuer} --env production`;
      const run = deployment.start(PTY, ["--quiet", "--return", "--command", command, "/dev/null"], { CI });
      let output = "";
      run.stdout?.on("data", (text) => {
        output += text;
        if (String(text).includes("[y/N]")) run.stdin?.write(reply);
      });
      const status = await new Promise((done) => run.on("close", done));

      expect([status, deployment.stored().length, output.includes("    at ")]).toEqual([end, added, false]);
      expect(output.includes("Continue? [y/N]")).toBe(CI === "");
    },
  );

  it("deletes the secrets whose tokens have all expired", async () => {
    const [replacing, signing] = [now() - 2 * DAY, now() - 1000];
    deployment.store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${signing}`, "PEPPER", `JWT_SIGNING_KEYS_${replacing}`);
    deployment.serve(key, startedAt(replacing), startedAt(signing));

    const { output } = await production("rotate", "--yes");

    expect(deployment.changes().slice(1)).toEqual([
      "secret delete JWT_SIGNING_KEYS --env=production",
      `secret delete JWT_SIGNING_KEYS_${replacing} --env=production`,
    ]);
    expect(output).toContain("deletes  JWT_SIGNING_KEYS\n");
  });
});

describe("npm run keys -- prune --issuer", { timeout: 180_000 }, () => {
  it("keeps a key until the tokens that it signed have expired", async () => {
    const signing = now() - 1000;
    deployment.store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${signing}`);
    deployment.serve(key, startedAt(signing));

    expect((await production("prune", "--yes", "--lifetime", "2000")).output).toContain("nothing to change");
    expect(deployment.changes()).toEqual([]);
    await production("prune", "--yes");
    expect(deployment.changes()).toEqual(["secret delete JWT_SIGNING_KEYS --env=production"]);
  });

  it("keeps a key that a published one has not replaced yet", async () => {
    const pending = now() + DAY;
    deployment.store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${pending}`);
    deployment.serve(key, startedAt(pending));

    await production("prune", "--yes", "--lifetime", "0");

    expect(deployment.changes()).toEqual([]);
  });

  it("keeps a key if the deployment does not serve the one that replaced it", async () => {
    deployment.store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${now() - 2 * DAY}`);

    await production("prune", "--yes", "--lifetime", "0");

    expect(deployment.changes()).toEqual([]);
  });
});
