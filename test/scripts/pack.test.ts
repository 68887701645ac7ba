import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { CHROMIUM, openBrowser } from "../support/chromium.ts";

/** Uses the whole package and returns what it saw, the same in every runtime. */
const PROGRAM = `
import { authenticate, requireAuth } from "gatehouse-auth";
import { createAuthClient } from "gatehouse-auth/client";
import { createTestClock, createTestIssuer } from "gatehouse-auth/testing";
import { Hono } from "hono";

export async function run(): Promise<unknown[]> {
  const clock = createTestClock("2030-01-01");
  const issuer = await createTestIssuer(clock);
  const app = new Hono().get("/", requireAuth({ auth: issuer.auth, roles: ["editor"], now: clock.now }), (c) =>
    c.json({ sub: c.var.auth.sub }),
  );
  const ask = async (token: string) => {
    const response = await app.request("/", { headers: { authorization: "Bearer " + token } });
    const body: { sub?: string; code?: string } = await response.json();
    return [response.status, body.sub ?? body.code];
  };
  const token = await issuer.token({ sub: "jane", roles: ["editor"] });
  const good = await ask(token);
  const roleless = await ask(await issuer.token());
  clock.advance(901);
  const expired = await ask(token);
  const outcome = await authenticate(new Request("https://notes.test"), { auth: issuer.auth });
  const client = createAuthClient("http://127.0.0.1:9", { transport: "body" });
  const login = await client.login({ identifier: "jane", password: "x" });
  return [good, roleless, expired, outcome.ok ? "" : outcome.response.status, login.ok ? "" : login.code];
}
`;
const SEEN = [[200, "jane"], [403, "insufficient_scope"], [401, "unauthenticated"], 401, "unreachable"];
const WORKER = `import { run } from "./program.ts";
export default { fetch: async () => Response.json(await run()) };`;

/** The strictest settings, without the types of Workers. */
const STRICT = [
  "--noEmit",
  "--strict",
  "--exactOptionalPropertyTypes",
  "--noUncheckedIndexedAccess",
  "--skipLibCheck",
  "false",
];
const TYPES = ["--types", "", "--lib", "esnext,dom", "--target", "esnext", "--listFiles"];
const RESOLUTIONS = [
  ["--module", "esnext", "--moduleResolution", "bundler"],
  ["--module", "nodenext", "--moduleResolution", "nodenext"],
];

let clone: string;
let project: string;
const run = (command: string, args: string[], cwd = project) => execFileSync(command, args, { cwd, encoding: "utf8" });
const pack = (folder: string, ...flags: string[]) =>
  join(project, run("npm", ["pack", folder, "--silent", ...flags, "--pack-destination", project]).trim());

beforeAll(() => {
  clone = makeClone();
  project = mkdtempSync(join(tmpdir(), "project-"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
  // Links the installed peers, so that no network is needed.
  const peers = ["hono", "jose"].map((name) => pack(resolve("node_modules", name), "--ignore-scripts"));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--silent", pack(clone), ...peers]);
  writeFileSync(join(project, "program.ts"), PROGRAM);
  writeFileSync(join(project, "worker.ts"), WORKER);
});

afterAll(() => {
  removeClone(clone);
  rmSync(project, { recursive: true, force: true });
});

describe("the packed client", () => {
  it("depends on nothing but its peers", () => {
    const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    expect(Object.keys(packages).sort()).toEqual([
      "",
      "node_modules/gatehouse-auth",
      "node_modules/hono",
      "node_modules/jose",
    ]);
    const files = run("tar", ["-tf", join(project, "gatehouse-auth-0.2.0.tgz")])
      .trim()
      .split("\n");
    expect(files.filter((file) => /^package\/(LICENSE|CHANGELOG)/.test(file)).length).toBe(2);
    expect(
      files.filter((file) => !/^package\/(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(file)),
    ).toEqual([]);
  });

  it.each(RESOLUTIONS)("type-checks under strict: %s %s", { timeout: 180_000 }, (...resolution) => {
    const files = run(resolve("node_modules/.bin/tsc"), [...STRICT, ...TYPES, ...resolution, "program.ts"]);
    expect(files).toContain("node_modules/gatehouse-auth/dist/sdk/index.d.ts");
    expect(files).not.toMatch(/workers-types|@types\/|node_modules\/(zod|drizzle-orm)/);
  });

  it("runs in Node", () => {
    const script = "import { run } from './program.ts'; console.log(JSON.stringify(await run()));";
    expect(JSON.parse(run(process.execPath, ["--input-type=module", "--eval", script]))).toEqual(SEEN);
  });

  it("runs in workerd", { timeout: 180_000 }, async () => {
    const config = { name: "project", main: "worker.ts", compatibility_date: "2026-11-02" };
    const configPath = join(project, "wrangler.json");
    writeFileSync(configPath, JSON.stringify(config));
    const harness = createTestHarness({ workers: [{ configPath }] });
    await harness.listen();
    try {
      expect(await (await harness.fetch("http://project.test/")).json()).toEqual(SEEN);
    } finally {
      await harness.close();
    }
  });

  it.skipIf(!CHROMIUM)("runs in Chromium", { timeout: 180_000 }, async () => {
    mkdirSync(join(project, "public"), { recursive: true });
    const outfile = join(project, "public/program.js");
    const settings = { bundle: true, format: "iife", globalName: "program", outfile } as const;
    // `import.meta.url` in an IIFE is a warning.
    buildSync({ ...settings, logLevel: "error", entryPoints: [join(project, "program.ts")] });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      // A secure context: Web Crypto needs one.
      await page.route("https://project.test/", (route) =>
        route.fulfill({ body: "<!doctype html>", contentType: "text/html" }),
      );
      await page.goto("https://project.test/");
      await page.addScriptTag({ path: outfile });
      expect(await page.evaluate("program.run()")).toEqual(SEEN);
    } finally {
      await browser.close();
    }
  });
});

/** The code blocks of a document in a language, in order. */
const blocksOf = (file: string, language: string) =>
  [...readFileSync(file, "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, text = ""]) =>
    found === language ? [text] : [],
  );
const blockWith = (file: string, language: string, content: string) =>
  blocksOf(file, language).find((text) => text.includes(content)) ?? "";

describe("a fresh Worker with the snippets of the README", () => {
  const SETTINGS = 'name = "notes"\nmain = "src/index.ts"\ncompatibility_date = "2026-11-02"\n';

  let worker: string;

  beforeAll(() => {
    worker = join(project, "notes");
    for (const folder of ["src", "test"]) mkdirSync(join(worker, folder), { recursive: true });
    writeFileSync(join(worker, "wrangler.toml"), SETTINGS + blockWith("README.md", "toml", "AuthService"));
    writeFileSync(join(worker, "src/index.ts"), blockWith("README.md", "ts", "requireAuth"));
  });

  it.each(["before", "after"])("type-checks as pasted, %s `wrangler types`", { timeout: 180_000 }, (when) => {
    if (when === "after")
      run(
        resolve("node_modules/.bin/wrangler"),
        ["types", "--include-runtime=false", "--config", "wrangler.toml"],
        worker,
      );
    const files = when === "after" ? ["worker-configuration.d.ts", "src/index.ts"] : ["src/index.ts"];

    const runtime = ["--types", resolve("node_modules/@cloudflare/workers-types/index.d.ts"), "--lib", "esnext"];
    const strict = [...STRICT, "--skipLibCheck", "true", "--target", "esnext"];
    run(resolve("node_modules/.bin/tsc"), [...strict, ...runtime, ...(RESOLUTIONS[0] ?? []), ...files], worker);
  });

  it("is tested in vitest with its binding, as docs/sdk.md says", { timeout: 180_000 }, () => {
    for (const name of ["vitest", "@cloudflare"]) {
      symlinkSync(resolve("node_modules", name), join(project, "node_modules", name));
    }
    writeFileSync(join(worker, "vitest.config.ts"), blockWith("docs/sdk.md", "ts", "testWorker()"));
    writeFileSync(join(worker, "test/notes.test.ts"), blockWith("docs/sdk.md", "ts", "testIssuerBehind"));

    expect(run(resolve("node_modules/.bin/vitest"), ["run", "--no-color"], worker)).toMatch(/Tests +1 passed/);
  });
});

it("the snippets about passkeys, mailed codes and required factors in docs/sdk.md type-check", {
  timeout: 180_000,
}, () => {
  const declared = `import { createAuthClient } from "gatehouse-auth/client";
import { createTestCredentials } from "gatehouse-auth/testing";
declare const email: string, password: string;\n`;
  const platform = `import type { TokenStorage } from "gatehouse-auth/client";
declare const storage: TokenStorage;
declare const Passkeys: Record<"create" | "get", (options: string) => Promise<string>>;\n`;
  const client = `import type { AuthClient } from "gatehouse-auth/client";
declare const auth: AuthClient, identifier: string, password: string;
declare const showError: (code: string) => void, showOnce: (codes: string[]) => void;
declare const askForFirstCode: (uri: string) => Promise<string>, askForCode: () => Promise<string>;
declare const showCode: (otp: string) => void;\n`;
  const files: Record<string, string> = {
    "enroll.ts": client + blockWith("docs/sdk.md", "ts", "EnrollmentRequired"),
    "codes.ts": `${client}async () => {${blockWith("docs/sdk.md", "ts", "auth.loginByCode(")}};`,
    "link.ts": `${client}${blockWith("docs/sdk.md", "ts", "auth.loginByLink(")}`,
    "again.ts": `${client}${blockWith("docs/sdk.md", "ts", "await auth.requestReauthenticationCode()")}`,
    "page.ts": blockWith("docs/sdk.md", "ts", "// page.ts"),
    "kit.ts": declared + blockWith("docs/sdk.md", "ts", "createTestCredentials(service)"),
    "native.ts": platform + blockWith("docs/sdk.md", "ts", "PasskeyCredentials = {"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);

  const settings = ["--types", "", "--lib", "esnext,dom,dom.iterable", "--target", "esnext"];
  run(resolve("node_modules/.bin/tsc"), [...STRICT, ...settings, ...(RESOLUTIONS[0] ?? []), ...Object.keys(files)]);
});

it("the package is built in a workspace, without dependencies of its own", { timeout: 180_000 }, () => {
  const folder = join(project, "mono/packages/gatehouse");
  mkdirSync(join(project, "mono/packages"), { recursive: true });
  writeFileSync(join(project, "mono/package.json"), JSON.stringify({ private: true, workspaces: ["packages/*"] }));
  symlinkSync(resolve("node_modules"), join(project, "mono/node_modules"));
  renameSync(makeClone(), folder);
  unlinkSync(join(folder, "node_modules"));
  cpSync("package-lock.json", join(folder, "package-lock.json"));

  expect(run(process.execPath, ["scripts/install.mjs"], folder)).toBe("");
  expect(existsSync(join(folder, "node_modules"))).toBe(false);
  expect(run("npm", ["pack", "--silent"], folder)).toBe("gatehouse-auth-0.2.0.tgz\n");
  expect(existsSync(join(folder, "dist/sdk/client.js"))).toBe(true);
});
