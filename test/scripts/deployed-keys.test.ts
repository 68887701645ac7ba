import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drawKey } from "../../scripts/keys.ts";
import { publicHalf, type SigningJwk } from "../../src/crypto/keys.ts";

const DAY = 86_400;
const SCRIPT = resolve("scripts/keys.ts");
/** Runs a command in a pseudoterminal. Part of Debian's base system. */
const PTY = "/usr/bin/script";

/** Records its arguments. Stores secrets as files, as the deployment would. */
const WRANGLER = `#!/bin/sh
echo "$@" >> arguments
case "$2" in
  list) cat secrets.json;;
  put) cat > "$3";;
esac
`;

let folder: string;
let server: Server;
let issuer: string;
/** What the deployment answers. */
let answer: { status: number; headers?: Record<string, string>; body: string };
const key = publicHalf(drawKey("ES256"));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  server = createServer(({ url }, response) => {
    const { status, headers, body } = url === "/.well-known/jwks.json" ? answer : { status: 404, body: "" };
    response.writeHead(status, headers).end(body);
  }).listen(0, "localhost");
  await new Promise((listening) => server.once("listening", listening));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  serve([key]);
  store("JWT_SIGNING_KEYS", "PEPPER");
  writeFileSync(join(folder, "wrangler"), WRANGLER, { mode: 0o755 });
  writeFileSync(
    join(folder, "wrangler.toml"),
    `name = "gatehouse"
compatibility_date = "2026-11-02"
vars = { ISSUER = "https://auth.example.com" }
[env.production.vars]
ISSUER = "${issuer}"
[env.staging.vars]
ISSUER = "https://staging.example.com"
[env.bare]
`,
  );
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const serve = (keys: unknown) => {
  answer = { status: 200, body: JSON.stringify({ keys }) };
};
/** Sets the names of the secrets of the deployment. */
const store = (...names: string[]) =>
  writeFileSync(join(folder, "secrets.json"), JSON.stringify(names.map((name) => ({ name, type: "secret_text" }))));
const now = () => Math.floor(Date.now() / 1000);
/** The key of an earlier rotation, as it is published. */
const startedAt = (nbf: number): SigningJwk => ({ ...publicHalf(drawKey("ES256")), nbf });

function start(command: string, args: string[], environment: object = {}): ChildProcess {
  const { PATH } = process.env;
  return spawn(command, args, {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${PATH}`, ...environment },
  });
}

async function outputOf(run: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = "";
  run.stdout?.on("data", (text) => (output += text));
  run.stderr?.on("data", (text) => (output += text));
  run.stdin?.end();
  const status = await new Promise<number | null>((done) => run.on("close", done));
  return { status, output };
}

const keys = (...args: string[]) => outputOf(start("node", [SCRIPT, ...args]));
const production = (command: string, ...args: string[]) =>
  keys(command, "--issuer", issuer, "--env", "production", ...args);

/** What the command asked wrangler to change. */
function changes(): string[] {
  const file = join(folder, "arguments");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return lines.filter((line) => !line.startsWith("secret list"));
}
/** The secrets that the command stored. */
const stored = () => readdirSync(folder).filter((name) => name.startsWith("JWT_SIGNING_KEYS"));

// Each run loads wrangler, which takes seconds on a busy machine.
describe("npm run keys -- rotate --issuer", { timeout: 60_000 }, () => {
  it("publishes a key a day before it signs, and leaves the secret of the signing key alone", async () => {
    const { status, output } = await production("rotate", "--yes");

    const [name = ""] = stored();
    const [added, ...more] = JSON.parse(readFileSync(join(folder, name), "utf8")).keys;
    expect([status, more, stored()]).toEqual([0, [], [`JWT_SIGNING_KEYS_${added.nbf}`]]);
    expect(changes()).toEqual([`secret put ${name} --env=production`]);
    expect(added).toMatchObject({ alg: "ES256", kid: expect.stringMatching(/^[\w-]{36}$/), d: expect.any(String) });
    expect(added.nbf - now()).toBeGreaterThan(DAY - 60);
    expect(added.nbf - now()).toBeLessThanOrEqual(DAY);
    expect(output).toContain(`serves   ${key.kid} (ES256)`);
    expect(output).toContain(`adds     ${added.kid} (ES256, signs from `);
    expect(output).not.toContain(added.d);
  });

  it("adds a key of another algorithm that signs at once", async () => {
    await production("rotate", "--yes", "--alg", "RS256", "--delay", "0");

    const [added] = JSON.parse(readFileSync(join(folder, stored()[0] ?? ""), "utf8")).keys;
    expect([added.alg, added.nbf <= now(), Buffer.from(added.n, "base64url").length * 8]).toEqual([
      "RS256",
      true,
      3072,
    ]);
  });

  it("changes the environment that --env names, whatever CLOUDFLARE_ENV says", async () => {
    const args = [SCRIPT, "rotate", "--issuer", issuer, "--yes"];

    const { status, output } = await outputOf(start("node", args, { CLOUDFLARE_ENV: "production" }));

    expect([status, changes()]).toEqual([1, []]);
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

    expect([status, changes()]).toEqual([1, []]);
    expect(output).toContain(reason);
  });

  it.each([
    ["no keys", { keys: [] }],
    ["a key without a kid", { keys: [{ ...key, kid: undefined }] }],
    ["a key whose kid moves the cursor", { keys: [{ ...key, kid: "\u001b[2J" }] }],
    ["a key that does not fit its alg", { keys: [key, { ...key, kid: "b", alg: "EdDSA" }] }],
    ["a time that is no number", { keys: [{ ...key, nbf: "soon" }] }],
  ])("changes nothing if the deployment serves %s", async (_, set) => {
    answer = { status: 200, body: JSON.stringify(set) };

    const { status, output } = await production("rotate", "--yes");

    expect([status, changes()]).toEqual([1, []]);
    expect(output).toMatch(/serves (no keys, or malformed ones|unusable keys)\.\n$/);
  });

  it.each([["an error", { status: 500, body: "" }]])(
    "changes nothing if the deployment answers with %s",
    async (_, other) => {
      answer = other;

      expect([(await production("rotate", "--yes")).status, changes()]).toEqual([1, []]);
    },
  );

  it("does not follow a redirect to other keys", async () => {
    const [asked, body] = [[] as unknown[], JSON.stringify({ keys: [key] })];
    const other = createServer(({ url }, response) => {
      asked.push(url);
      response.end(body);
    }).listen(0, "localhost");
    await new Promise((listening) => other.once("listening", listening));
    const location = `http://localhost:${(other.address() as AddressInfo).port}/.well-known/jwks.json`;
    answer = { status: 302, headers: { location }, body };

    const { status, output } = await production("rotate", "--yes");
    other.close();

    expect([status, changes(), asked]).toEqual([1, [], []]);
    expect(output).toContain("302");
  });

  it("refuses without a terminal and without --yes", async () => {
    const { status, output } = await production("rotate");

    expect([status, changes()]).toEqual([1, []]);
    expect(output).toContain(`serves   ${key.kid}`);
    expect(output).toContain("confirm with --yes");
  });

  it.skipIf(!existsSync(PTY)).each([
    ["y", 1],
    ["n", 0],
  ])(
    "asks at a terminal, and with the answer %j adds %i keys (skipped without a pseudoterminal)",
    async (reply, added) => {
      const command = `node ${SCRIPT} rotate --issuer ${issuer} --env production`;
      const run = start(PTY, ["--quiet", "--return", "--command", command, "/dev/null"]);
      let output = "";
      run.stdout?.on("data", (text) => {
        output += text;
        if (String(text).includes("[y/N]")) run.stdin?.write(`${reply}\n`);
      });
      const status = await new Promise((done) => run.on("close", done));

      expect([status, stored().length]).toEqual([1 - added, added]);
      expect(output).toContain("Continue? [y/N]");
    },
  );

  it("deletes the secrets whose tokens have all expired", async () => {
    const [replacing, signing] = [now() - 2 * DAY, now() - 1000];
    store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${signing}`, "PEPPER", `JWT_SIGNING_KEYS_${replacing}`);
    serve([key, startedAt(replacing), startedAt(signing)]);

    const { output } = await production("rotate", "--yes");

    expect(changes().slice(1)).toEqual([
      "secret delete JWT_SIGNING_KEYS --env=production",
      `secret delete JWT_SIGNING_KEYS_${replacing} --env=production`,
    ]);
    expect(output).toContain("deletes  JWT_SIGNING_KEYS\n");
  });
});

describe("npm run keys -- prune --issuer", { timeout: 60_000 }, () => {
  it("keeps a key until the tokens that it signed have expired", async () => {
    const signing = now() - 1000;
    store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${signing}`);
    serve([key, startedAt(signing)]);

    expect((await production("prune", "--yes", "--lifetime", "2000")).output).toContain("nothing to change");
    expect(changes()).toEqual([]);
    await production("prune", "--yes");
    expect(changes()).toEqual(["secret delete JWT_SIGNING_KEYS --env=production"]);
  });

  it("keeps a key that a published one has not replaced yet", async () => {
    const pending = now() + DAY;
    store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${pending}`);
    serve([key, startedAt(pending)]);

    await production("prune", "--yes", "--lifetime", "0");

    expect(changes()).toEqual([]);
  });

  it("keeps a key if the deployment does not serve the one that replaced it", async () => {
    store("JWT_SIGNING_KEYS", `JWT_SIGNING_KEYS_${now() - 2 * DAY}`);

    await production("prune", "--yes", "--lifetime", "0");

    expect(changes()).toEqual([]);
  });
});
