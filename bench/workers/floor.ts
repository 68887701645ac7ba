/**
 * The floor: only the work that no auth service can avoid, without any input validation. The other
 * subjects are compared with it.
 */
import { randomBytes, scryptSync } from "node:crypto";
import { scrypt } from "@noble/hashes/scrypt.js";
import { Hono } from "hono";
import { type CryptoKey, importJWK, type JWK, jwtVerify, SignJWT } from "jose";

export interface FloorEnv {
  DB: D1Database;
  DENYLIST: KVNamespace;
  MESSAGES: Queue;
  JWT_SIGNING_KEYS: string;
  SCRYPT_ENGINE: string;
}

const ISSUER = "https://auth.test";
const DAY_SECONDS = 86_400;

let imported: Promise<CryptoKey[]> | undefined;

function keys(env: FloorEnv): Promise<CryptoKey[]> {
  imported ??= importKeys(env);
  return imported;
}

function importKeys(env: FloorEnv): Promise<CryptoKey[]> {
  const [jwk] = (JSON.parse(env.JWT_SIGNING_KEYS) as { keys: [JWK] }).keys;
  const { d, ...open } = jwk;
  return Promise.all([importJWK(jwk, "ES256"), importJWK(open, "ES256")]) as Promise<CryptoKey[]>;
}

async function sign(env: FloorEnv, sub: string, sid: string): Promise<string> {
  const [own] = await keys(env);
  return new SignJWT({ sid })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt" })
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime("15m")
    .sign(own as CryptoKey);
}

async function verify(env: FloorEnv, authorization = "") {
  const [, open] = await keys(env);
  const checks = { issuer: ISSUER, audience: ISSUER, algorithms: ["ES256"], typ: "at+jwt" };
  return (await jwtVerify(authorization.slice("Bearer ".length), open as CryptoKey, checks)).payload;
}

const hash = ({ SCRYPT_ENGINE }: FloorEnv, password: string, salt: Uint8Array): Uint8Array =>
  SCRYPT_ENGINE === "node"
    ? scryptSync(password, salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 })
    : scrypt(password, salt, { N: 2 ** 15, r: 8, p: 3, dkLen: 32 });

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const digest = async (token: string) =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", Buffer.from(token, "utf8"))));

const app = new Hono<{ Bindings: FloorEnv }>()
  .post("/register", async (c) => {
    const { email, password } = await c.req.json();
    const salt = randomBytes(16);
    const id = crypto.randomUUID();
    await c.env.DB.prepare("insert into users (id, email, hash, salt) values (?, ?, ?, ?)")
      .bind(id, email, hex(hash(c.env, password, salt)), hex(salt))
      .run();
    await c.env.MESSAGES.send({ email });
    return c.json({ id }, 201);
  })
  .post("/login", async (c) => {
    const { email, password } = await c.req.json();
    const user = await c.env.DB.prepare("select id, hash, salt from users where email = ?")
      .bind(email)
      .first<{ id: string; hash: string; salt: string }>();
    if (!user || user.hash !== hex(hash(c.env, password, Buffer.from(user.salt, "hex")))) return c.body(null, 401);
    const [sid, refresh_token] = [crypto.randomUUID(), hex(randomBytes(32))];
    await c.env.DB.batch([
      c.env.DB.prepare("insert into sessions (id, user_id, token) values (?, ?, ?)").bind(
        sid,
        user.id,
        await digest(refresh_token),
      ),
      c.env.DB.prepare("insert into events (user_id, type) values (?, 'logged_in')").bind(user.id),
    ]);
    return c.json({ access_token: await sign(c.env, user.id, sid), refresh_token });
  })
  .post("/refresh", async (c) => {
    const { refresh_token } = await c.req.json();
    const next = hex(randomBytes(32));
    const { results } = await c.env.DB.prepare("update sessions set token = ? where token = ? returning id, user_id")
      .bind(await digest(next), await digest(refresh_token))
      .all<{ id: string; user_id: string }>();
    const [row] = results;
    if (!row) return c.body(null, 401);
    return c.json({ access_token: await sign(c.env, row.user_id, row.id), refresh_token: next });
  })
  .get("/me", async (c) => {
    const { sub, sid } = await verify(c.env, c.req.header("authorization"));
    const [user, denied] = await Promise.all([
      c.env.DB.prepare(
        "select u.id, u.email from users u join sessions s on s.user_id = u.id where s.id = ? and u.id = ?",
      )
        .bind(sid, sub)
        .first(),
      c.env.DENYLIST.get(`sid:${sid}`),
    ]);
    return denied ? c.body(null, 401) : c.json(user);
  })
  .get("/hash", (c) => c.text(hex(hash(c.env, "correct-horse-7", randomBytes(16)))))
  .get("/cheap", (c) => c.text("ok"))
  .get("/verify", async (c) => {
    const { sub } = await verify(c.env, c.req.header("authorization"));
    return c.json({ sub });
  })
  .post("/logout", async (c) => {
    const { refresh_token } = await c.req.json();
    const { results } = await c.env.DB.prepare("delete from sessions where token = ? returning id")
      .bind(await digest(refresh_token))
      .all<{ id: string }>();
    c.executionCtx.waitUntil(c.env.DENYLIST.put(`sid:${results[0]?.id}`, "1", { expirationTtl: DAY_SECONDS }));
    return c.body(null, 204);
  })
  .post("/forgot", async (c) => {
    await c.env.MESSAGES.send(await c.req.json());
    return c.json({}, 202);
  });

export default {
  fetch: app.fetch,
  queue: (batch: MessageBatch) => batch.ackAll(),
  setup: (env: FloorEnv) =>
    env.DB.batch(
      [
        "create table users (id text primary key, email text unique, hash text, salt text)",
        "create table sessions (id text primary key, user_id text, token text unique)",
        "create table events (id integer primary key, user_id text, type text)",
      ].map((sql) => env.DB.prepare(sql)),
    ),
};
