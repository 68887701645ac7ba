/** API keys in tests. */
import { PASSWORD } from "../../src/http/examples.ts";
import type { PreparedJane, Route } from "./route.ts";
import { CREDENTIALS } from "./route.ts";

/** The API that a key is exchanged for. */
export const RESOURCE = "https://notes.example.com/api";

export const KEY_BODY = { name: "Backup", scopes: ["notes:read"], expires_in: 3600, password: PASSWORD };

const withKey = ({ own, post }: PreparedJane): Promise<{ id: string; key: string }> =>
  post("/users/me/api-keys", KEY_BODY, own.access_token);

/** The rows of the table of routes. */
export const API_KEY_ROUTES: Record<string, Route> = {
  "GET /users/me/api-keys": {
    status: 200,
    needsOperator: true,
    prepare: async (jane) => {
      await withKey(jane);
      return {};
    },
    cost: { d1: 1 },
  },
  "POST /users/me/api-keys": {
    status: 201,
    needsOperator: true,
    body: KEY_BODY,
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me/api-keys/{id}": {
    status: 204,
    needsOperator: true,
    prepare: async (jane) => ({ path: `/users/me/api-keys/${(await withKey(jane)).id}` }),
    cost: { d1: 1, kv: 1 },
  },
  "POST /auth/api-keys/token": {
    status: 200,
    needsOperator: true,
    body: { api_key: "", resource: RESOURCE },
    prepare: async (jane) => ({ fields: { api_key: (await withKey(jane)).key } }),
    // The second one records the use, after the answer.
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
};

/** The rows of the pages. */
export const API_KEY_PAGE_ROUTES: Record<string, Route> = {
  "GET /account/api-keys": { status: 200, cost: { d1: 1 } },
  "POST /account/api-keys": { status: 303, form: {}, cost: {} },
  "GET /account/api-keys/create": { status: 200, cost: { d1: 2 } },
  "POST /account/api-keys/create": {
    status: 303,
    form: { name: "Backup", "scopes.notes:read": "on", expires_in: "7776000", password: PASSWORD },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/api-keys/revoke": {
    status: 200,
    prepare: async (jane) => ({ path: `/account/api-keys/revoke?id=${(await withKey(jane)).id}` }),
    cost: { d1: 1 },
  },
  "POST /account/api-keys/revoke": {
    status: 303,
    form: { id: "", name: "Backup" },
    prepare: async (jane) => ({ fields: { id: (await withKey(jane)).id } }),
    cost: { d1: 1, kv: 1 },
  },
};
