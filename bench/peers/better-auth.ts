/**
 * better-auth, set up for Workers as its documentation says: D1, JWTs for other services, mails to
 * reset a password. `TUNED` adds its documented optimizations: sessions in KV, a cached copy in a
 * signed cookie, and joins.
 */
import { scryptSync, timingSafeEqual } from "node:crypto";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { jwt } from "better-auth/plugins";
import { Hono } from "hono";

export interface PeerEnv {
  DB: D1Database;
  SESSIONS: KVNamespace;
  BETTER_AUTH_SECRET: string;
  /** "true" enables the optimizations. */
  TUNED: string;
  /** "equal" selects the scrypt parameters of Gatehouse instead of its own. */
  HASH: string;
}

const equalHash = (password: string, salt: Buffer) =>
  scryptSync(password, salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 });

const options = (env: PeerEnv) => ({
  database: env.DB,
  baseURL: "http://auth.test",
  secret: env.BETTER_AUTH_SECRET,
  // The rate limits of Gatehouse are off as well.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  emailAndPassword: {
    enabled: true,
    sendResetPassword: async () => {},
    ...(env.HASH === "equal" && {
      password: {
        hash: async (password: string) => {
          const salt = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
          return `${salt.toString("hex")}:${equalHash(password, salt).toString("hex")}`;
        },
        verify: async ({ hash, password }: { hash: string; password: string }) => {
          const [salt = "", digest = ""] = hash.split(":");
          return timingSafeEqual(Buffer.from(digest, "hex"), equalHash(password, Buffer.from(salt, "hex")));
        },
      },
    }),
  },
  ...(env.TUNED === "true" && {
    secondaryStorage: {
      get: (key: string) => env.SESSIONS.get(key),
      set: (key: string, value: string, ttl?: number) =>
        env.SESSIONS.put(key, value, ttl ? { expirationTtl: Math.max(60, ttl) } : {}),
      delete: (key: string) => env.SESSIONS.delete(key),
      // KV has no atomic operations, so these two are not atomic.
      async getAndDelete(key: string) {
        const value = await env.SESSIONS.get(key);
        await env.SESSIONS.delete(key);
        return value;
      },
      async increment(key: string, ttl: number) {
        const count = Number(await env.SESSIONS.get(key)) + 1;
        await env.SESSIONS.put(key, String(count), { expirationTtl: Math.max(60, ttl) });
        return count;
      },
    },
    session: { cookieCache: { enabled: true, maxAge: 300 } },
    advanced: { database: { joins: true } },
  }),
  // The header would cost one more query for each read of a session.
  plugins: [jwt({ disableSettingJwtHeader: true, jwks: { keyPairConfig: { alg: "ES256" as const } } })],
});

/** The instances of this isolate, by bindings. */
const instances = new WeakMap<PeerEnv, ReturnType<typeof make>>();
const make = (env: PeerEnv) => betterAuth(options(env));

const app = new Hono<{ Bindings: PeerEnv }>().on(["GET", "POST"], "/api/auth/*", (c) => {
  const auth = instances.get(c.env) ?? make(c.env);
  instances.set(c.env, auth);
  return auth.handler(c.req.raw);
});

export default {
  fetch: app.fetch,
  setup: async (env: PeerEnv) => (await getMigrations(options(env))).runMigrations(),
};
