import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readAccount, writeAccount } from "./wrangler.ts";

/** Stands in for wrangler: secrets need an account at Cloudflare. */
export const WRANGLER = resolve("test/support/wrangler.ts");

const wranglerToml = (issuer: string) => `name = "gatehouse"
compatibility_date = "2026-11-02"
vars = { ISSUER = "https://auth.example.com" }
[env.production.vars]
ISSUER = "${issuer}"
[env.staging.vars]
ISSUER = "https://staging.example.com"
[env.bare]
`;

/** The Workers of its environments. */
const WORKERS = ["gatehouse", "gatehouse-production", "gatehouse-staging", "gatehouse-bare"];

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

export type Deployment = Awaited<ReturnType<typeof createDeployment>>;

/**
 * A deployment as a command on the operator's machine sees it: its key set over HTTP, and a project
 * folder whose environment `production` is the deployment.
 */
export async function createDeployment(served: object) {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  const answers: Record<string, Answer> = {};
  const server = createServer(({ url }, response) => {
    const { status, headers, body } = answers[url ?? ""] ?? { status: 404, body: "" };
    response.writeHead(status, headers).end(body);
  }).listen(0, "localhost");
  await new Promise((listening) => server.once("listening", listening));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

  const deployment = {
    folder,
    issuer,
    answer(next: Answer, path = "/.well-known/jwks.json") {
      answers[path] = next;
    },
    serve: (...keys: object[]) => deployment.answer({ status: 200, body: JSON.stringify({ keys }) }),
    /** Sets the names of the secrets that each Worker of the configuration has. */
    store(...names: string[]) {
      const worker = { secrets: Object.fromEntries(names.map((name) => [name, ""])), deployments: [] };
      const workers = Object.fromEntries(WORKERS.map((name) => [name, worker]));
      writeAccount(folder, { workers });
    },
    /** The changes that the command requested from wrangler. */
    changes(): string[] {
      const file = join(folder, "arguments");
      const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
      return lines.filter((line) => !line.startsWith("secret list"));
    },
    /** The secrets with keys that the command stored. */
    stored() {
      const secrets = Object.values(readAccount(folder).workers).flatMap(({ secrets }) => Object.entries(secrets));
      return secrets
        .filter(([, value]) => value !== "")
        .map(([name, value]) => ({ name, keys: JSON.parse(value).keys }));
    },
    /** The secrets of the deployment, empty ones included. */
    secrets: () => readAccount(folder).workers["gatehouse-production"]?.secrets ?? {},
    /** Starts a command in the project folder. */
    start(command: string, args: string[], environment: object = {}): ChildProcess {
      const { PATH } = process.env;
      const env = { ...process.env, PATH: `${folder}:${PATH}`, ...environment };
      return spawn(command, args, { cwd: folder, env });
    },
    close() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };

  deployment.serve(served);
  deployment.store("JWT_SIGNING_KEYS", "PEPPER");
  symlinkSync(WRANGLER, join(folder, "wrangler"));
  writeFileSync(join(folder, "wrangler.toml"), wranglerToml(issuer));
  return deployment;
}

/** Waits for the end of a command that gets no input. */
export async function outputOf(run: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = "";
  run.stdout?.on("data", (text) => (output += text));
  run.stderr?.on("data", (text) => (output += text));
  run.stdin?.end();
  const status = await new Promise<number | null>((done) => run.on("close", done));
  return { status, output };
}
