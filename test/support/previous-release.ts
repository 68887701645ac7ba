import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { FOLDER, type KeptRelease } from "../../scripts/keep-release.ts";

export const PREVIOUS_RELEASE: KeptRelease = JSON.parse(readFileSync(join(FOLDER, "release.json"), "utf8"));

/** Lets tests call the Worker, deliver what it queued, and run its schedule. */
const DOOR = `import { WorkerEntrypoint } from "cloudflare:workers";
import release from "./index.js";

const sent = [];
const queue = { send: async (body) => void sent.push(body) };
const limiter = { limit: async () => ({ success: true }) };
const LIMITERS = ["CREDENTIALS", "MESSAGES", "REGISTRATION", "SESSIONS", "SITES"].map((name) => "RATE_LIMIT_" + name);
// The Worker keeps what it derives from the settings as long as they are the same object.
let bindings;
const bindingsOf = ({ FILES, ...env }) => {
  // The files have no media type.
  const fetch = async (path) => {
    const { body, status } = await FILES.fetch(path);
    return new Response(body, { status, headers: { "content-type": "text/plain" } });
  };
  const limiters = Object.fromEntries(LIMITERS.map((name) => [name, limiter]));
  return { ...env, ...limiters, ASSETS: { fetch }, MESSAGES: queue, DEAD_MESSAGES: queue };
};

async function run(env, act) {
  bindings ??= bindingsOf(env);
  const works = [];
  const result = await act(bindings, { waitUntil: (work) => works.push(work) });
  while (works.length > 0) await Promise.all(works.splice(0));
  return result;
}

export default class extends WorkerEntrypoint {
  fetch(request) {
    return run(this.env, (env, context) => release.fetch(request, env, context));
  }
  take() {
    return sent.splice(0);
  }
  async deliver(bodies) {
    const again = [];
    const messages = bodies.map((body) => ({
      id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body, ack() {}, retry: () => again.push(body),
    }));
    await run(this.env, (env, context) => release.queue({ queue: "gatehouse-messages", messages }, env, context));
    return again;
  }
  schedule() {
    return run(this.env, (env, context) => release.scheduled({}, env, context));
  }
}`;

/**
 * The Worker of the previous release, as a second Worker of vitest's workerd. Both have one
 * database and one denylist. It reads the files of the present version.
 */
export function previousRelease(settings: Record<string, string>, provider: string) {
  return {
    name: "previous-release",
    compatibilityDate: PREVIOUS_RELEASE.compatibilityDate,
    compatibilityFlags: PREVIOUS_RELEASE.compatibilityFlags,
    modules: [
      { type: "ESModule" as const, path: "door.js", contents: DOOR },
      {
        type: "ESModule" as const,
        path: "index.js",
        contents: brotliDecompressSync(readFileSync(join(FOLDER, "index.js.br"))).toString(),
      },
    ],
    bindings: {
      ...settings,
      RESEND_API_KEY: "re_canary",
      MAIL_FROM: "auth@example.com",
      RESEND_BASE_URL: provider,
      OTP_RESEND_COOLDOWN_SECONDS: "0",
    },
    d1Databases: ["DB"],
    kvNamespaces: ["DENYLIST"],
    serviceBindings: { FILES: { disk: { path: resolve("public"), writable: false } } },
  };
}
