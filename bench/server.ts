/** Serves a subject as it would be deployed, and sends requests to it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { type Cost, type Distance, NOTHING } from "./instrument.ts";
import { isBelow, pidsOf } from "./process.ts";
import type { Service } from "./subjects.ts";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Call {
  method?: "GET" | "POST";
  json?: object;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

export interface Server {
  /** Sends a request. Throws if the status is an error. */
  call(path: string, call?: Call): Promise<Answer>;
  /** Runs requests at a distance and returns their cost. */
  measured(distance: Distance, act: (call: Server["call"]) => Promise<unknown>): Promise<Measured>;
  sql(...statements: string[]): Promise<{ rows: Record<string, unknown>[]; meta: D1Meta }[]>;
  /** The id of the workerd process. */
  pid: number;
  close(): Promise<void>;
}

export interface Measured {
  requests: number;
  /** The cost before the responses. */
  before: Cost;
  all: Cost;
  milliseconds: number;
}

export const COMPATIBILITY = { compatibility_date: "2026-11-02", compatibility_flags: ["nodejs_compat"] };
const WRANGLER = resolve("node_modules/.bin/wrangler");

interface Config {
  alias?: Record<string, string>;
}

/** Bundles a subject as for a deployment. Returns the path and the output of wrangler. */
export function bundle(subject: Service, main: string, folder: string) {
  // Paths in a configuration are relative to its file.
  const { alias = {}, ...config } = {
    ...COMPATIBILITY,
    name: "subject",
    keep_names: false,
    main: resolve(main),
    ...subject.config,
  } as Config;
  const aliases = Object.fromEntries(Object.entries(alias).map(([name, file]) => [name, resolve(file)]));
  const path = join(folder, "wrangler.json");
  writeFileSync(path, JSON.stringify({ ...config, alias: aliases }));
  const args = ["deploy", "--dry-run", "--minify", "--config", path, "--outdir", folder];
  const said = execFileSync(WRANGLER, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return { config: path, script: join(folder, `${basename(main, ".ts")}.js`), said };
}

export async function serve(subject: Service): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
  const { config, script } = bundle(subject, subject.instrumented, folder);
  // The script is bundled already, so it needs no module rules.
  const { modulesRules: _, ...options } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  const known = pidsOf("workerd");
  // Without the development proxy of wrangler, and without network access.
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      name: "subject",
      cf: false,
      modules: true,
      scriptPath: script,
      // Discard the logs.
      handleStructuredLogs() {},
    }),
  );
  const url = await miniflare.ready;
  rmSync(folder, { recursive: true });
  const pid = pidsOf("workerd").find((candidate) => !known.includes(candidate) && isBelow(candidate, process.pid)) ?? 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  const send = (path: string, { method, json, form, headers = {} }: Call = {}): Promise<Answer> => {
    const body = json ? JSON.stringify(json) : form ? `${new URLSearchParams(form)}` : undefined;
    const type = json ? "application/json" : form ? "application/x-www-form-urlencoded" : undefined;
    const all = { host: "auth.test", ...(type && { "content-type": type }), ...headers };
    return new Promise((resolve, reject) => {
      const options = { agent, method: method ?? (body === undefined ? "GET" : "POST"), headers: all };
      const sent = request(new URL(path, url).href, options, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => (text += chunk));
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          if (status < 400) resolve({ status, headers: answer.headers, text });
          else reject(new Error(`${subject.name}: ${options.method} ${path} answers ${status} ${text.slice(0, 300)}`));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  };

  const server: Server = {
    call: send,
    async measured(distance, act) {
      const measured: Measured = { requests: 0, before: { ...NOTHING }, all: { ...NOTHING }, milliseconds: 0 };
      const startedAt = performance.now();
      await act(async (path, call = {}) => {
        // Requests of the benchmark itself are not measured.
        if (path.startsWith("/bench/")) return send(path, call);
        const headers = { ...call.headers, "x-bench": JSON.stringify(distance) };
        const answer = await send(path, { ...call, headers });
        measured.requests++;
        for (const when of ["before", "all"] as const) {
          const cost = JSON.parse(String(answer.headers[`x-bench-${when}`])) as Cost;
          for (const key of Object.keys(NOTHING) as (keyof Cost)[]) measured[when][key] += cost[key];
        }
        return answer;
      });
      measured.milliseconds = performance.now() - startedAt;
      return measured;
    },
    sql: async (...statements) => JSON.parse((await send("/bench/sql", { json: statements })).text),
    pid,
    async close() {
      agent.destroy();
      await miniflare.dispose();
    },
  };
  await send("/bench/setup", { method: "POST" });
  await subject.prepare?.(miniflare);
  return server;
}
