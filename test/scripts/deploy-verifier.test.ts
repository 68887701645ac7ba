import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseConfiguration } from "../../scripts/deploy/toml.ts";
import { doctor } from "../../scripts/doctor.ts";
import { eachInItsProject, project, run } from "../support/deployed-project.ts";
import { bad } from "../support/examined-deployment.ts";

const ADDRESS = ["--domain", "auth.example.com", "--mail-from", "auth@example.com"];
const FIRST = ["--env", "production", ...ADDRESS];
const UPLOAD =
  "deploy --config=workers/password-verifier/wrangler.toml --name=gatehouse-password-verifier-production --env=";
const SERVICE = "deploy --env=production";
/** Its name in its configuration. */
const SHARED = "gatehouse-password-verifier";
const BUILD = /^deploy --dry-run/;

eachInItsProject();
const uploads = () => project.commands().filter((line) => /^(deploy|d1 migrations apply)/.test(line));
const bind = (service: string, env = "production") =>
  project.configure(
    `${project.config()}\n[[env.${env}.services]]\nbinding = "PASSWORD_VERIFIER"\nservice = "${service}"\n`,
  );

describe("npm run deploy", { timeout: 120_000 }, () => {
  it("deploys the password verifier before the migrations and the service, and with each update", async () => {
    await run(...FIRST, "--password-verifier");

    const { env } = await parseConfiguration(project.config());
    expect(env?.["production"]?.services).toEqual([
      { binding: "PASSWORD_VERIFIER", service: "gatehouse-password-verifier-production" },
    ]);
    expect(uploads()).toEqual([
      expect.stringMatching(BUILD),
      expect.stringMatching(BUILD),
      UPLOAD,
      "d1 migrations apply DB --remote --env=production",
      SERVICE,
    ]);

    const config = project.config();
    project.forget();
    await run("--env", "production", "--password-verifier");
    expect(uploads().filter((line) => !BUILD.test(line))).toEqual([UPLOAD, SERVICE]);
    expect(project.config()).toBe(config);
  });

  it("deploys no password verifier that is not bound", async () => {
    await run(...FIRST);

    expect(Object.keys(project.account().workers)).toEqual(["gatehouse-production"]);
  });

  it("names the password verifier of the top level after its Worker", async () => {
    project.configure(project.config().replace('name = "gatehouse"', 'name = "acme-auth"'));

    await run(...ADDRESS, "--password-verifier", "--dry-run");

    expect(project.printed.join("\n")).toContain("--name=acme-auth-password-verifier --env=");
  });

  it.each(["deploy --dry-run --config", "deploy --config"])(
    "stops before the migrations if `%s` fails, and goes on the next time",
    async (command) => {
      project.set({ failsAt: command });
      await expect(run(...FIRST, "--password-verifier")).rejects.toThrow("workers/password-verifier/wrangler.toml");
      expect(project.account()).toMatchObject({ applied: [] });

      project.set({ failsAt: undefined as never });
      await run("--env", "production");

      expect(uploads().slice(-3)).toEqual([UPLOAD, expect.stringContaining("d1 migrations apply"), SERVICE]);
    },
  );

  it("leaves a Worker alone that is not the password verifier of this deployment", async () => {
    project.set({ workers: { "acme-hashes": { secrets: {}, deployments: [] } } });
    project.configure(`${project.config()}\n[env.production]\n`);
    bind("acme-hashes");

    await run(...FIRST, "--password-verifier");

    expect(project.account().workers["acme-hashes"]?.deployments).toEqual([]);
    expect(project.printed).toContain("PASSWORD_VERIFIER is bound to acme-hashes, which this command does not deploy.");
  });
});

describe("npm run doctor", { timeout: 120_000 }, () => {
  const home = process.cwd();
  beforeEach(() => process.chdir(project.folder));
  afterEach(() => {
    process.chdir(home);
    process.exitCode = 0;
  });

  it("names the password verifier, and finds one that is not updated or that two deployments share", async () => {
    await run(...FIRST, "--password-verifier");
    const own = "gatehouse-password-verifier-production";
    const config = project.config();
    const examine = async () => JSON.parse(await doctor(["--env", "production", "--json"]));
    expect(await examine()).toContainEqual({
      check: "verifier",
      level: "ok",
      message: `${own} verifies imported passwords.`,
    });

    project.configure(config.replace(`"${own}"`, '"acme-hashes"'));
    expect(bad(await examine())).toEqual([
      `warn verifier: \`npm run deploy\` does not update acme-hashes, only ${own}.`,
    ]);

    project.configure(config.replace(`"${own}"`, `"${SHARED}"`));
    bind(SHARED, "staging");
    expect(bad(await examine())).toEqual([
      `warn verifier: ${SHARED} serves staging too. Bind ${own}, which is updated alone.`,
    ]);
  });
});
