import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { deploy } from "../../scripts/deploy.ts";
import { exampleSettings } from "../../scripts/example-settings.ts";
import { createProject, type Project } from "../support/cloudflare-account.ts";

const ADDRESS = ["--domain", "gatehouse.acme.workers.dev"];

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.close());

const worker = () => project.account().workers["gatehouse"];

/** What Cloudflare documents: developers.cloudflare.com/workers/platform/deploy-buttons. */
describe("the button Deploy to Cloudflare", { timeout: 120_000 }, () => {
  it("asks for no setting, so that nobody deploys the defaults of development", () => {
    expect(parseEnv(readFileSync(".dev.vars.example", "utf8"))).toEqual({});
    expect(readFileSync("wrangler.toml", "utf8")).not.toMatch(/^(\[vars\]|secrets_store_secrets)/m);
    expect(exampleSettings()["ISSUER"]).toBe("http://localhost:8787");
  });

  it("shows what each resource is for", () => {
    const { d1_databases, kv_namespaces, queues } = unstable_readConfig({ config: "wrangler.toml" });
    const resources = [...d1_databases, ...kv_namespaces, ...(queues.producers ?? [])].map(({ binding }) => binding);
    const { cloudflare, scripts } = JSON.parse(readFileSync("package.json", "utf8"));

    expect(Object.keys(cloudflare.bindings)).toEqual(resources);
    for (const { description } of Object.values<{ description: string }>(cloudflare.bindings))
      expect(description).toMatch(/^[A-Z].+\.$/);
    // It proposes these two as its commands.
    expect(scripts).toMatchObject({ build: expect.any(String), deploy: expect.any(String) });
  });

  it("deploys each commit at the address in its command, although the ids are not committed", async () => {
    const committed = project.config();

    for (const deployments of [1, 2]) {
      project.configure(committed);
      await expect(deploy(ADDRESS, project.host)).resolves.toContain("deployed at https://gatehouse.acme.workers.dev");
      expect(worker()?.deployments).toHaveLength(deployments);
    }

    expect(project.commands().filter((command) => /^(d1|queues|kv namespace) create/.test(command))).toHaveLength(4);
    expect(project.commands().filter((command) => command.startsWith("secret bulk"))).toHaveLength(1);
  });

  it("creates nothing if its command has no address", async () => {
    await expect(deploy([], project.host)).rejects.toThrow("Name the address: --domain auth.example.com");

    expect([worker(), project.commands()]).toEqual([undefined, []]);
  });
});
