/** The service and `examples/mcp-worker` in workerd: real builds, bound to each other. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTestHarness } from "wrangler";
import { makeClone, removeClone } from "../../scripts/clone.ts";
import { exampleSettings } from "../../scripts/example-settings.ts";
import { drawSecrets } from "../../scripts/secrets.ts";
import type { ClientWithSecret, NewClient } from "../../src/contract/oauth-client.ts";

/** As in its `wrangler.toml`. */
export const RESOURCE = "http://localhost:8788/mcp";
export const SERVICE = "http://localhost:8787";

const SCOPES = ["notes:read", "notes:write"].map((name) => ({ name, description: { en: `Use ${name}` } }));

/** A Worker of the operator, who registers clients. */
const OPERATOR = `export default {
  fetch: async (request, env) => Response.json(await env.ADMIN.createClient(await request.json())),
};`;

type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

export interface McpDeployment {
  /** Sends requests for the hosts of the two Workers to them, and follows no redirect. */
  fetch: Fetch;
  createClient(input: NewClient): Promise<ClientWithSecret>;
  close(): Promise<void>;
}

export async function deployMcpServer(): Promise<McpDeployment> {
  const clone = makeClone();
  execFileSync("npm", ["run", "--silent", "build:sdk"], { cwd: clone });
  const operator = join(clone, "operator");
  mkdirSync(operator);
  writeFileSync(join(operator, "index.js"), OPERATOR);
  const services = [{ binding: "ADMIN", service: "gatehouse", entrypoint: "AdminService" }];
  const config = { name: "operator", main: "index.js", compatibility_date: "2026-11-02", services };
  writeFileSync(join(operator, "wrangler.json"), JSON.stringify(config));
  const settings = {
    ...exampleSettings(),
    ...drawSecrets(),
    SCRYPT_ENGINE: "node",
    OAUTH_RESOURCES: RESOURCE,
    OAUTH_SCOPES: JSON.stringify(SCOPES),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(join(clone, ".dev.vars"), lines.join("\n"));

  const configs = ["operator/wrangler.json", "wrangler.toml", "examples/mcp-worker/wrangler.toml"];
  const harness = createTestHarness({ workers: configs.map((file) => ({ configPath: join(clone, file) })) });
  await harness.listen();
  const workers = { [new URL(SERVICE).host]: "gatehouse", [new URL(RESOURCE).host]: "notes-mcp" };
  for (const name of Object.values(workers)) await harness.getWorker(name).applyD1Migrations("DB" as never);

  /** The harness has classes of its own, which the SDK would not recognize. */
  async function send(name: string, url: string, init: RequestInit = {}) {
    const answer = await harness.getWorker(name).fetch(url, { redirect: "manual", ...init } as never);
    const { status } = answer;
    return new Response(status === 204 ? null : await answer.text(), { status, headers: [...answer.headers] });
  }
  return {
    async fetch(input, init) {
      const url = new URL(input);
      const name = workers[url.host];
      if (!name) throw new Error(`The test has no network: ${url}`);
      return send(name, String(url), init);
    },
    async createClient(input) {
      const answer = await send("operator", "http://operator.test/", { method: "POST", body: JSON.stringify(input) });
      const outcome = (await answer.json()) as { ok: boolean; value: ClientWithSecret };
      if (!outcome.ok) throw new Error("The client was refused.");
      return outcome.value;
    },
    async close() {
      await harness.close();
      removeClone(clone);
    },
  };
}
