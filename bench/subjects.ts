/** The measured services, and the requests that perform the same operations on each. */
import { resolve } from "node:path";
import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { exampleSettings } from "../scripts/example-settings.ts";
import { drawSecrets } from "../scripts/secrets.ts";
import type { Server } from "./server.ts";

export const OPERATIONS = ["register", "login", "me", "verify", "refresh", "logout", "forgot"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A user with an account, and the tokens of a session. */
export interface Person {
  email: string;
  access?: string;
  refresh?: string;
  cookie?: string;
}

export type Act = (call: Server["call"], person: Person) => Promise<unknown>;

/** A service that the benchmark bundles and serves. */
export interface Service {
  name: string;
  /** The entry file, as deployed. */
  main: string;
  /** The entry file with `instrument` around it. */
  instrumented: string;
  /** Additional configuration for wrangler. */
  config: { vars?: object; [setting: string]: unknown };
  prepare?: (miniflare: Miniflare) => Promise<unknown>;
}

export interface Subject extends Service {
  /** The path of a cheap request. */
  cheap: string;
  /** The operations that the service supports. */
  operations: Partial<Record<Operation, Act>>;
}

export const PASSWORD = "correct-horse-7";
export const secrets = drawSecrets();

const STORAGE = {
  d1_databases: [{ binding: "DB", database_name: "db", database_id: "00000000-0000-0000-0000-000000000001" }],
};
export const kv = (binding: string) => ({ kv_namespaces: [{ binding, id: "00000000000000000000000000000001" }] });
const MESSAGES = { producers: [{ binding: "MESSAGES", queue: "messages" }] };

export const tokensOf = (person: Person, text: string) => {
  const { access_token, refresh_token } = JSON.parse(text);
  Object.assign(person, { access: access_token, refresh: refresh_token });
};

/** Creates the operations of a service with an access token and a refresh token in the body. */
function byTokens(paths: Record<Operation, string>): Subject["operations"] {
  const bearer = ({ access }: Person) => ({ authorization: `Bearer ${access}` });
  return {
    register: (call, { email }) => call(paths.register, { json: { email, password: PASSWORD } }),
    login: async (call, person) =>
      tokensOf(person, (await call(paths.login, { json: { email: person.email, password: PASSWORD } })).text),
    me: (call, person) => call(paths.me, { headers: bearer(person) }),
    verify: (call, person) => call(paths.verify, { headers: bearer(person) }),
    refresh: async (call, person) =>
      tokensOf(person, (await call(paths.refresh, { json: { refresh_token: person.refresh } })).text),
    logout: (call, { refresh }) => call(paths.logout, { json: { refresh_token: refresh } }),
    forgot: (call, { email }) => call(paths.forgot, { json: { email } }),
  };
}

/** A rate limit that is never reached, because all requests come from one address. */
const limit = (name: string, id: number) => ({
  name,
  namespace_id: `${id}`,
  simple: { limit: 1_000_000, period: 60 },
});

const gatehouse = (engine: "node" | "noble"): Subject => ({
  name: engine === "node" ? "Gatehouse" : `Gatehouse, ${engine}`,
  main: "src/index.ts",
  instrumented: "bench/workers/gatehouse.instrumented.ts",
  config: {
    // What a deployment leaves out of the bundle.
    alias: unstable_readConfig({ config: "wrangler.toml" }).alias,
    ...STORAGE,
    ...kv("DENYLIST"),
    services: [{ binding: "AUTH", service: "subject", entrypoint: "AuthService" }],
    queues: {
      producers: [...MESSAGES.producers, { binding: "DEAD_MESSAGES", queue: "dead" }],
      consumers: [{ queue: "messages", max_batch_timeout: 0 }],
    },
    ratelimits: [
      limit("RATE_LIMIT_CREDENTIALS", 1),
      limit("RATE_LIMIT_MESSAGES", 2),
      limit("RATE_LIMIT_REGISTRATION", 3),
      limit("RATE_LIMIT_SITES", 4),
      limit("RATE_LIMIT_SESSIONS", 5),
    ],
    assets: { directory: resolve("public"), binding: "ASSETS", run_worker_first: true },
    vars: {
      ...exampleSettings(),
      ...secrets,
      // Without a provider, messages go to the dead-letter queue. The peers drop theirs.
      ISSUER: "http://localhost:8787",
      // The host of every request, see server.ts.
      ALLOWED_HOSTS: "auth.test",
      SCRYPT_ENGINE: engine,
    },
  },
  cheap: "/health",
  async prepare(miniflare) {
    const database = await miniflare.getD1Database("DB");
    for (const { queries } of await readD1Migrations("migrations"))
      for (const sql of queries) await database.prepare(sql).run();
  },
  operations: byTokens({
    register: "/auth/register",
    login: "/auth/login",
    me: "/users/me",
    verify: "/verify",
    refresh: "/auth/refresh",
    logout: "/auth/logout",
    forgot: "/auth/forgot-password",
  }),
});

const floor = (engine: "node" | "noble"): Subject => ({
  name: engine === "node" ? "floor" : `floor, ${engine}`,
  main: "bench/workers/floor.ts",
  instrumented: "bench/workers/floor.instrumented.ts",
  config: {
    ...STORAGE,
    ...kv("DENYLIST"),
    queues: { ...MESSAGES, consumers: [{ queue: "messages", max_batch_timeout: 0 }] },
    vars: { JWT_SIGNING_KEYS: secrets.JWT_SIGNING_KEYS, SCRYPT_ENGINE: engine },
  },
  cheap: "/cheap",
  operations: byTokens({
    register: "/register",
    login: "/login",
    me: "/me",
    verify: "/verify",
    refresh: "/refresh",
    logout: "/logout",
    forgot: "/forgot",
  }),
});

const cookiesOf = (person: Person, headers: Record<string, string | string[] | undefined>) => {
  const lines = [headers["set-cookie"] ?? []].flat();
  const fresh = lines.map((line) => line.slice(0, line.indexOf(";")));
  const names = fresh.map((pair) => pair.slice(0, pair.indexOf("=")));
  const kept = (person.cookie ?? "").split("; ").filter((pair) => pair && !names.includes(pair.split("=")[0] ?? ""));
  person.cookie = [...kept, ...fresh].join("; ");
};

const betterAuth = (name: string, isTuned: boolean, hash: "own" | "equal"): Subject => {
  const cookie = (person: Person) => ({ cookie: person.cookie ?? "", origin: "http://auth.test" });
  return {
    name,
    main: "bench/peers/better-auth.ts",
    instrumented: "bench/peers/better-auth.instrumented.ts",
    config: {
      ...STORAGE,
      ...kv("SESSIONS"),
      vars: { BETTER_AUTH_SECRET: secrets.PEPPER, TUNED: `${isTuned}`, HASH: hash },
    },
    cheap: "/api/auth/ok",
    operations: {
      register: (call, { email }) =>
        call("/api/auth/sign-up/email", { json: { name: "Jane", email, password: PASSWORD } }),
      login: async (call, person) =>
        cookiesOf(
          person,
          (await call("/api/auth/sign-in/email", { json: { email: person.email, password: PASSWORD } })).headers,
        ),
      me: (call, person) => call("/api/auth/get-session", { headers: cookie(person) }),
      // The closest equivalent: another access token for the session.
      refresh: (call, person) => call("/api/auth/token", { headers: cookie(person) }),
      logout: (call, person) => call("/api/auth/sign-out", { json: {}, headers: cookie(person) }),
      forgot: (call, { email }) =>
        call("/api/auth/request-password-reset", { json: { email, redirectTo: "http://auth.test/reset" } }),
    },
  };
};

const openAuth: Subject = {
  name: "OpenAuth",
  main: "bench/peers/openauth.ts",
  instrumented: "bench/peers/openauth.instrumented.ts",
  config: kv("SESSIONS"),
  cheap: "/.well-known/oauth-authorization-server",
  operations: {
    register: async (call, person) => {
      for (const path of [AUTHORIZE, "/password/register"])
        cookiesOf(person, (await call(path, { headers: { cookie: person.cookie ?? "" } })).headers);
      const send = async (form: Record<string, string>) => {
        const answer = await call("/password/register", { form, headers: { cookie: person.cookie ?? "" } });
        cookiesOf(person, answer.headers);
        return answer.status;
      };
      await send({ action: "register", email: person.email, password: PASSWORD, repeat: PASSWORD });
      const { text: code } = await call(`/bench/code?email=${person.email}`);
      // The flow ends with a redirect to the client, with an authorization code.
      if ((await send({ action: "verify", code })) !== 302) throw new Error("OpenAuth: the code was not taken");
    },
    login: async (call, person) => {
      const begun = await call(AUTHORIZE);
      cookiesOf(person, begun.headers);
      const form = { email: person.email, password: PASSWORD };
      const signedIn = await call("/password/authorize", { form, headers: { cookie: person.cookie ?? "" } });
      const { location } = signedIn.headers;
      const code = new URL(String(location)).searchParams.get("code") ?? "";
      const grant = { grant_type: "authorization_code", code, client_id: "bench", redirect_uri: REDIRECT };
      tokensOf(person, (await call("/token", { form: grant })).text);
    },
    refresh: async (call, person) => {
      const grant = { grant_type: "refresh_token", refresh_token: person.refresh ?? "" };
      tokensOf(person, (await call("/token", { form: grant })).text);
    },
  },
};
const REDIRECT = "http://auth.test/callback";
const AUTHORIZE = `/authorize?${new URLSearchParams({ client_id: "bench", redirect_uri: REDIRECT, response_type: "code", provider: "password" })}`;

/**
 * Each service with its defaults, except the scrypt engine of Gatehouse: native like that of the
 * peers instead of noble.
 */
export const GATEHOUSE = gatehouse("node");
export const SUBJECTS: Subject[] = [
  floor("node"),
  GATEHOUSE,
  betterAuth("better-auth", false, "own"),
  betterAuth("better-auth, tuned", true, "own"),
  openAuth,
];

/** The peers with the scrypt parameters of Gatehouse. Their own parameters cost half as much. */
export const AT_EQUAL_HASH: Subject[] = [
  betterAuth("better-auth, our hash", false, "equal"),
  betterAuth("better-auth, tuned, our hash", true, "equal"),
];

/** Gatehouse and the floor with the default scrypt engine. */
export const BY_NOBLE: Subject[] = [floor("noble"), gatehouse("noble")];
