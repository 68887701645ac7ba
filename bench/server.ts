// Serves one subject as it would be deployed, and speaks to it.
import { Agent, request } from "node:http";
import { createTestHarness } from "wrangler";
import { type Cost, type Distance, NOTHING } from "./instrument.ts";
import { isBelow, pidsOf } from "./process.ts";
import type { Subject } from "./subjects.ts";

// A line for each message is too many.
Object.assign(process.env, { WRANGLER_LOG: "error" });

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
  /** Throws on a status that no success has. */
  call(path: string, call?: Call): Promise<Answer>;
  /** The same, with its cost, the bindings so many milliseconds away. */
  measured(distance: Distance, act: (call: Server["call"]) => Promise<unknown>): Promise<Measured>;
  sql(...statements: string[]): Promise<{ rows: Record<string, unknown>[]; meta: D1Meta }[]>;
  /** Of workerd. */
  pid: number;
  close(): Promise<void>;
}

interface Measured {
  requests: number;
  /** What the answers waited for. */
  before: Cost;
  all: Cost;
  milliseconds: number;
}

const COMPATIBILITY = { compatibility_date: "2026-11-02", compatibility_flags: ["nodejs_compat"] };

/** What wrangler is told about a subject. */
export const configOf = (subject: Subject, main: string) => ({
  name: "subject",
  main,
  ...COMPATIBILITY,
  minify: true,
  send_metrics: false,
  ...subject.config,
});

export async function serve(subject: Subject): Promise<Server> {
  const known = pidsOf("workerd");
  const harness = createTestHarness({ workers: [{ config: configOf(subject, subject.instrumented) as never }] });
  const { url } = await harness.listen();
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
      await harness.close();
    },
  };
  await send("/bench/setup", { method: "POST" });
  await subject.prepare?.(harness);
  return server;
}
