import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Host } from "../../scripts/deploy/host.ts";
import { drawKey } from "../../scripts/keys.ts";
import { publicHalf } from "../../src/crypto/keys.ts";
import { type Account, readAccount, wrangler, writeAccount } from "./wrangler.ts";

export type Project = ReturnType<typeof createProject>;

/**
 * A clone with an empty account at Cloudflare, for which test/support/wrangler.ts stands in. The
 * address of a deployment answers.
 */
export function createProject() {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  copyFileSync("wrangler.toml", join(folder, "wrangler.toml"));
  cpSync("migrations", join(folder, "migrations"), { recursive: true });
  const at = (name: string) => join(folder, name);
  const linesOf = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8").trim().split("\n") : []);
  const printed: string[] = [];

  const project = {
    folder,
    printed,
    host: {
      folder,
      environment: {} as NodeJS.ProcessEnv,
      startWrangler: (args, { input = "" } = {}) => wrangler(args, folder, () => input),
      isInteractive: false,
      print: (line) => printed.push(line),
      ask: async () => {
        throw new Error("Nothing may be asked.");
      },
      resolves: async () => false,
      wait: async () => undefined,
    } as Host,
    config: () => readFileSync(at("wrangler.toml"), "utf8"),
    configure: (text: string) => writeFileSync(at("wrangler.toml"), text),
    account: () => readAccount(folder),
    /** What its address answers instead, by path: a status and a body. An error is no answer. */
    answers: {} as Record<string, Error | [status: number, body: unknown]>,
    /** Changes the account, or how wrangler behaves. */
    set: (changes: Partial<Account>) => writeAccount(folder, { ...readAccount(folder), ...changes }),
    /** The commands that wrangler got. */
    commands: () => linesOf("arguments"),
    forget: () => rmSync(at("arguments"), { force: true }),
    close() {
      vi.unstubAllGlobals();
      rmSync(folder, { recursive: true });
    },
  };
  vi.stubGlobal("fetch", async (input: string | URL) => answer(project, new URL(input)));
  return project;
}

/** Turns the metrics of the top level on, by the comment in `wrangler.toml`. */
export const withMetrics = (config: string) =>
  config.replace(/^# (?=\[\[analytics_engine|binding = "METRICS"|dataset = )/gm, "");

const key = publicHalf(drawKey("ES256"));

/** The address of a Worker answers once it is deployed. */
function answer({ account, answers }: Project, { pathname, origin }: URL): Response {
  const { workers, applied } = account();
  const isDeployed = Object.values(workers).some(({ deployments }) => deployments.length > 0);
  const other = answers[pathname];
  if (other instanceof Error || !isDeployed) throw other ?? new TypeError("fetch failed");
  const usual: Record<string, unknown> = {
    "/health": { status: "ok" },
    "/health/ready": { status: "ready", migration: applied.toSorted().at(-1), mail: true, sms: false },
    "/.well-known/openid-configuration": { issuer: origin },
    "/.well-known/jwks.json": { keys: [key] },
  };
  const [status, body] = other ?? [200, usual[pathname]];
  return typeof body === "string" ? new Response(body, { status }) : Response.json(body, { status });
}
