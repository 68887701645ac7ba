import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withAccountDatabase, type withDatabase } from "../../scripts/account-database.ts";
import { checkSettings } from "../../scripts/doctor/settings.ts";
import { drawKey } from "../../scripts/keys.ts";
import { withLocalBindings } from "../../scripts/local-bindings.ts";
import { pepper } from "../../scripts/pepper.ts";
import { primary } from "../../src/storage/db.ts";
import { createDeployment, type Deployment, WRANGLER } from "../support/deployment.ts";
import { allInOneClone, HERE, STATE } from "../support/working-clone.ts";

const HOUR_SECONDS = 3600;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const [OLD, NEW] = ["a".repeat(43), "b".repeat(43)];

/** A session, an app and an API key from 1970, and of each another one from the year 3000. */
const ROWS = [0, Date.UTC(3000)].flatMap((at) => [
  `insert into users (id, created_at, updated_at) values ('u${at}', 0, 0)`,
  `insert into sessions (id, user_id, created_at, last_used_at, expires_at) values ('s${at}', 'u${at}', 0, ${at}, 9e15)`,
  `insert into totps (user_id, secret, created_at, confirmed_at) values ('u${at}', '', ${at}, 0)`,
  `insert into api_keys (id, digest, user_id, name, scopes, created_at, last_used_at) values ('k${at}', '', 'u${at}', '', '[]', 0, ${at})`,
]);

let clone: string;
allInOneClone(() => {
  clone = process.cwd();
  writeFileSync("peppers", `${NEW},${OLD}\n`);
});

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line) => void printed.push(line));
});

const local = { config: "wrangler.toml", persistTo: STATE };
const arrange = () =>
  withLocalBindings(local, async ({ DB }: { DB: D1Database }) => {
    await DB.batch(["delete from users", ...ROWS].map((sql) => DB.prepare(sql)));
  });

const LOST = [
  "        1  sessions that were not refreshed since: their users sign in again",
  "        1  authenticator apps that signed nobody in since: their users need another factor",
  "        1  API keys that were not used since: their owners create new ones",
];

describe("npm run pepper in a clone", { timeout: 240_000 }, () => {
  it("adds a pepper that is used at once, and deletes the earlier one with what it counted", async () => {
    const vars = () => parseEnv(readFileSync(".dev.vars", "utf8"));
    const { PEPPER: first } = vars();
    await arrange();

    expect(await pepper(["rotate"])).toBe("Done. npm run pepper -- prune deletes the earlier ones later.");
    const [name = "", ...more] = Object.keys(vars()).filter((key) => /^PEPPER_\d{10}$/.test(key));
    expect([more, vars()["PEPPER"]]).toEqual([[], first]);
    const { findings, config } = checkSettings(vars(), true);
    expect([findings.map(({ level }) => level), config?.PEPPER]).toEqual([["ok"], [vars()[name], first]]);
    expect(await withAccountDatabase({ "persist-to": STATE }, async ({ peppers }) => peppers)).toEqual(config?.PEPPER);
    expect(printed.join()).not.toContain(vars()[name]);

    await expect(pepper(["prune", ...HERE])).rejects.toThrow(/^This cannot be undone\. .* confirm with --yes\.$/);
    expect(printed.slice(-4)).toEqual([expect.stringContaining("These stop working:"), ...LOST]);
    expect(vars()["PEPPER"]).toBe(first);
    expect(await pepper(["prune", "--yes", ...HERE])).toBe("Done.");
    expect(checkSettings(vars(), true).config?.PEPPER).toEqual([vars()[name]]);
    expect(await pepper(["prune", "--yes", ...HERE])).toBe("There is nothing to delete.");
  });

  it.each([
    [],
    ["rotate", "prune"],
    ["drop"],
    ["rotate", "--env", "production"],
    ["rotate", "--yes"],
    ["rotate", "--delay", "60"],
    ["rotate", "--persist-to", "x"],
    ["rotate", "--issuer", "https://auth.test", "--delay=-1"],
    ["prune", "--issuer", "https://auth.test", "--delay", "60"],
    ["prune", "--issuer", "https://auth.test", "--persist-to", "x"],
  ])("%j prints the usage, and changes nothing", async (...args) => {
    const before = readFileSync(".dev.vars", "utf8");
    await expect(pepper(args)).rejects.toThrow(/^npm run pepper -- rotate/);
    expect(readFileSync(".dev.vars", "utf8")).toBe(before);
  });
});

describe("npm run pepper --issuer", { timeout: 240_000 }, () => {
  let deployment: Deployment;
  beforeEach(async () => {
    deployment = await createDeployment(drawKey("ES256"));
    process.chdir(deployment.folder);
    vi.stubEnv("WRANGLER", WRANGLER);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    process.chdir(clone);
    deployment.close();
  });

  const uses = (name?: string) => {
    const body = JSON.stringify({ status: "ready", ...(name && { pepper: name }) });
    deployment.answer({ status: 200, body }, "/health/ready");
  };
  const targets: object[] = [];
  /** Takes the place of the database of the deployment. */
  const database: typeof withDatabase = (target, act) => {
    targets.push(target);
    const state = { config: join(clone, "wrangler.toml"), persistTo: join(clone, STATE) };
    return withLocalBindings(state, ({ DB }: { DB: D1Database }) => act(primary(DB), {}));
  };
  const production = (command: string, ...args: string[]) =>
    pepper([command, "--issuer", deployment.issuer, "--env", "production", ...args], database);

  it("adds a random pepper that is used in an hour, and leaves the others alone", async () => {
    uses("PEPPER");
    const message = await production("rotate", "--yes");

    const [[name = "", value] = [], ...more] = Object.entries(deployment.secrets()).filter(([, text]) => text !== "");
    expect([more, value]).toEqual([[], expect.stringMatching(/^[\w-]{43}$/)]);
    expect(deployment.changes()).toEqual([`secret put ${name} --env=production`]);
    const delay = Number(/^PEPPER_(\d{10})$/.exec(name)?.[1]) - nowSeconds();
    expect([delay > HOUR_SECONDS - 60, delay <= HOUR_SECONDS]).toEqual([true, true]);
    expect(printed.slice(0, 2)).toEqual([`Worker gatehouse-production at ${deployment.issuer}`, "  uses     PEPPER"]);
    expect(message).toContain(`npm run pepper -- prune --issuer ${deployment.issuer} --env production`);
    expect([...printed, message].join()).not.toContain(value);
  });

  it("adds the first pepper of a file without a delay, under a name that no secret has", async () => {
    uses("PEPPER");
    const taken = [0, 1, 2, 3].map((n) => `PEPPER_${nowSeconds() + n}`);
    deployment.store("PEPPER", ...taken);
    await production("rotate", "--yes", "--delay", "0", "--pepper-file", join(clone, "peppers"));

    const added = Object.entries(deployment.secrets()).filter(([, text]) => text !== "");
    expect(added).toEqual([[expect.stringMatching(/^PEPPER_\d{10}$/), NEW]]);
    expect(taken).not.toContain(added[0]?.[0]);
  });

  it("changes nothing without a terminal, in an environment of another issuer, or if the service does not read it", async () => {
    uses("PEPPER");
    await expect(production("rotate")).rejects.toThrow("Without a terminal, confirm with --yes.");
    const elsewhere = ["rotate", "--issuer", deployment.issuer, "--env", "staging", "--yes"];
    await expect(pepper(elsewhere)).rejects.toThrow("is not the ISSUER of environment staging");
    uses();
    for (const command of ["rotate", "prune"])
      await expect(production(command, "--yes")).rejects.toThrow("is not ready, or runs an earlier version");
    uses(`PEPPER_${nowSeconds()}`);
    await expect(production("prune", "--yes")).rejects.toThrow("which is no secret of gatehouse-production");
    expect(deployment.changes()).toEqual([]);
  });

  it("deletes the peppers before the one in use, with the count of its database", async () => {
    const [earlier, current, pending] = [-200, -100, HOUR_SECONDS].map((s) => `PEPPER_${nowSeconds() + s}`);
    deployment.store("JWT_SIGNING_KEYS", "PEPPER", ...[pending, earlier, current].map(String));
    uses("PEPPER");
    expect(await production("prune", "--yes")).toBe("There is nothing to delete.");
    uses(current);

    await expect(production("prune")).rejects.toThrow("confirm with --yes");
    expect([printed.slice(-3), targets.at(-1)]).toEqual([LOST, { env: "production" }]);
    expect(deployment.changes()).toEqual([]);
    expect(await production("prune", "--yes")).toBe("Done.");
    expect(deployment.changes()).toEqual(["PEPPER", earlier].map((name) => `secret delete ${name} --env=production`));
  });
});
