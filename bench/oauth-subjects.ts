/** The measured OAuth servers, and the requests of a client that do the same on each. */
import { createHash } from "node:crypto";
import { createClientSecret } from "../src/crypto/client-secret.ts";
import type { Call } from "./server.ts";
import { type Act, GATEHOUSE, kv, PASSWORD, type Person, type Service, secrets, tokensOf } from "./subjects.ts";

/** In an order in which each has what it needs from those before. */
export const OAUTH_OPERATIONS = [
  "register a client",
  "authorize",
  "code to tokens",
  "refresh",
  "verify",
  "introspect",
  "client credentials",
  "API key to token",
  "revoke",
] as const;
export type OAuthOperation = (typeof OAUTH_OPERATIONS)[number];

/** A user, and what the client has from the user. */
export interface Owner extends Person {
  code?: string;
  apiKey?: string;
}

type OwnerAct = (call: Parameters<Act>[0], owner: Owner) => Promise<unknown>;

export interface OAuthSubject extends Service {
  /** Signs the user in. */
  enter: OwnerAct;
  operations: Partial<Record<OAuthOperation, OwnerAct>>;
}

interface Client {
  client_id: string;
  client_secret: string;
}

const CALLBACK = "https://app.example/callback";
const REGISTRATION = { client_name: "Notes", redirect_uris: [CALLBACK] };
const VERIFIER = "v".repeat(43);
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
/** Without https, the peer accepts only a loopback host. */
const HOST = { host: "localhost" };

/** Creates the operations that both services have. `client` is known when they run. */
function byClient(client: Client, { revocation }: { revocation: string }) {
  const authorization = () => `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64")}`;
  const post = (form: Record<string, string>): Call => ({ form, headers: { ...HOST, authorization: authorization() } });
  const operations: OAuthSubject["operations"] = {
    "register a client": (call) => call("/oauth/register", { json: REGISTRATION, headers: HOST }),
    async authorize(call, owner) {
      const params = new URLSearchParams({
        response_type: "code",
        client_id: client.client_id,
        redirect_uri: CALLBACK,
        code_challenge: CHALLENGE,
        code_challenge_method: "S256",
        login_hint: owner.email,
      });
      const { headers } = await call(`/oauth/authorize?${params}`, {
        headers: { ...HOST, cookie: owner.cookie ?? "" },
      });
      owner.code = new URL(String(headers["location"])).searchParams.get("code") ?? "";
    },
    async "code to tokens"(call, owner) {
      const grant = { grant_type: "authorization_code", redirect_uri: CALLBACK, code_verifier: VERIFIER };
      tokensOf(owner, (await call("/oauth/token", post({ ...grant, code: owner.code ?? "" }))).text);
    },
    async refresh(call, owner) {
      const grant = { grant_type: "refresh_token", refresh_token: owner.refresh ?? "" };
      tokensOf(owner, (await call("/oauth/token", post(grant))).text);
    },
    verify: (call, { access }) => call("/verify", { headers: { ...HOST, authorization: `Bearer ${access}` } }),
    // Without tokens it revokes none.
    revoke: (call, { refresh = "none" }) => call(revocation, post({ token: refresh })),
  };
  return { operations, post };
}

const CLIENT_ID = "notes";
const RESOURCE = "https://notes.example.com/api";
const { secret, digest } = createClientSecret(secrets.PEPPER, CLIENT_ID);
const gatehouse = byClient({ client_id: CLIENT_ID, client_secret: secret }, { revocation: "/oauth/revoke" });

/** Gatehouse with a client of the operator, whose tokens are for the service. */
export const GATEHOUSE_OAUTH: OAuthSubject = {
  ...GATEHOUSE,
  config: {
    ...GATEHOUSE.config,
    vars: {
      ...GATEHOUSE.config.vars,
      API_KEYS: "on",
      OAUTH_RESOURCES: RESOURCE,
      OAUTH_DCR: "on",
      OAUTH_SCOPES: JSON.stringify([{ name: "notes:read", description: { en: "Read your notes" } }]),
    },
  },
  async prepare(miniflare) {
    await GATEHOUSE.prepare?.(miniflare);
    const database = await miniflare.getD1Database("DB");
    const lists = [[CALLBACK], ["authorization_code", "refresh_token", "client_credentials"]];
    await database
      .prepare(
        `insert into oauth_clients (id, name, auth_method, secret_digest, redirect_uris, grant_types, first_party, created_at)
         values (?, 'Notes', 'client_secret_basic', ?, ?, ?, 1, 0)`,
      )
      .bind(CLIENT_ID, digest, ...lists.map((list) => JSON.stringify(list)))
      .run();
  },
  async enter(call, owner) {
    const account = { email: owner.email, password: PASSWORD };
    await call("/auth/register", { json: account });
    const { access_token, refresh_token } = JSON.parse((await call("/auth/login", { json: account })).text);
    owner.cookie = `__Host-refresh_token=${refresh_token}`;
    const key = { name: "Backup script", scopes: ["notes:read"] };
    const headers = { authorization: `Bearer ${access_token}` };
    owner.apiKey = JSON.parse((await call("/users/me/api-keys", { json: key, headers })).text).key;
    // The use of a key is written at most once a minute.
    await call("/auth/api-keys/token", { json: { api_key: owner.apiKey, resource: RESOURCE } });
  },
  operations: {
    ...gatehouse.operations,
    introspect: (call, { access = "" }) => call("/oauth/introspect", gatehouse.post({ token: access })),
    "client credentials": (call) => call("/oauth/token", gatehouse.post({ grant_type: "client_credentials" })),
    "API key to token": (call, { apiKey }) =>
      call("/auth/api-keys/token", { json: { api_key: apiKey, resource: RESOURCE } }),
  },
};

const registered: Client = { client_id: "", client_secret: "" };

const workersOAuthProvider: OAuthSubject = {
  name: "workers-oauth-provider",
  main: "bench/peers/workers-oauth-provider.ts",
  instrumented: "bench/peers/workers-oauth-provider.instrumented.ts",
  config: kv("OAUTH_KV"),
  async prepare(miniflare) {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(REGISTRATION) };
    const answer = await miniflare.dispatchFetch("http://localhost/oauth/register", request);
    Object.assign(registered, await answer.json());
  },
  enter: async () => {},
  operations: byClient(registered, { revocation: "/oauth/token" }).operations,
};

export const OAUTH_SUBJECTS: OAuthSubject[] = [GATEHOUSE_OAUTH, workersOAuthProvider];
