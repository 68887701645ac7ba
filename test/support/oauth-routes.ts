import { CREDENTIALS, type PreparedJane, type Route } from "./route.ts";

/** The form of a client with an authorization code. */
const withCode = async ({ authorizeClient }: PreparedJane) => {
  const { code, client_id, client_secret, code_verifier } = await authorizeClient();
  return { fields: { client_id, client_secret, code, code_verifier } };
};

/** The form of a client with a refresh token of its own. */
const withToken = async ({ authorizeClient }: PreparedJane) => {
  const { client_id, client_secret, exchange } = await authorizeClient();
  return { fields: { client_id, client_secret, token: (await exchange()).refresh_token } };
};

const TOKEN = { token: "" };

const userinfo: Route = {
  status: 200,
  needsOperator: true,
  prepare: async ({ authorizeClient }) => ({ token: (await (await authorizeClient()).exchange()).access_token }),
  cost: { d1: 1 },
};

/** A client that Jane has allowed, with a session of its own. */
const withClient = async ({ authorizeClient }: PreparedJane) => {
  const { client_id, exchange } = await authorizeClient();
  await exchange();
  return client_id;
};

/** The rows of the endpoints that clients call, and of what users see of clients. */
export const OAUTH_ROUTES: Record<string, Route> = {
  "GET /users/me/grants": {
    status: 200,
    needsOperator: true,
    async prepare(jane) {
      await withClient(jane);
      return {};
    },
    cost: { d1: 1 },
  },
  "DELETE /users/me/grants/{client_id}": {
    status: 204,
    needsOperator: true,
    prepare: async (jane) => ({ path: `/users/me/grants/${await withClient(jane)}` }),
    cost: { d1: 1, kv: 1 },
  },
  "POST /oauth/token": {
    status: 200,
    needsOperator: true,
    form: { grant_type: "authorization_code" },
    prepare: withCode,
    cost: { d1: 1 },
  },
  "POST /oauth/device_authorization": {
    status: 200,
    needsOperator: true,
    form: { scope: "openid" },
    prepare: async ({ startDevice }) => ({ fields: { client_id: (await startDevice()).client_id } }),
    cost: { d1: 1 },
  },
  "POST /oauth/revoke": {
    status: 200,
    needsOperator: true,
    form: TOKEN,
    prepare: withToken,
    cost: { d1: 1, kv: 1 },
  },
  // Only with OAUTH_DCR.
  "POST /oauth/register": { status: 403, needsOperator: true, cost: {}, limits: ["RATE_LIMIT_REGISTRATION"] },
  "POST /oauth/introspect": { status: 200, needsOperator: true, form: TOKEN, prepare: withToken, cost: { d1: 1 } },
  "GET /oauth/userinfo": userinfo,
  "POST /oauth/userinfo": userinfo,
};

/** The rows of the pages that users see on the way. */
export const OAUTH_PAGE_ROUTES: Record<string, Route> = {
  "GET /oauth/authorize": {
    status: 200,
    needsOperator: true,
    prepare: async ({ authorizeClient }) => ({ path: `/oauth/authorize?${(await authorizeClient()).params}` }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /oauth/authorize": {
    status: 303,
    form: { client_id: "x", redirect_uri: "https://app.example/callback", response_type: "code" },
    cost: {},
    limits: [CREDENTIALS],
  },
  "GET /device": { status: 200, cost: {} },
  "POST /device": {
    status: 303,
    needsOperator: true,
    form: { code: "BCDF-GHJK", answer: "allow" },
    prepare: async ({ startDevice }) => ({ fields: { code: (await startDevice()).user_code } }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /oauth/consent": {
    status: 200,
    needsOperator: true,
    form: { request: "", user: "", answer: "allow" },
    async prepare({ authorizeClient }) {
      const { params, userId } = await authorizeClient();
      return { fields: { request: `${params}`, user: userId } };
    },
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  // The user is asked.
  "GET /oauth/logout": { status: 200, cost: { d1: 1 }, limits: [CREDENTIALS] },
  "POST /oauth/logout": { status: 303, form: { state: "x" }, cost: {}, limits: [CREDENTIALS] },
  "POST /oauth/logout/answer": {
    status: 303,
    needsOperator: true,
    form: { request: "", user: "", answer: "leave" },
    prepare: async ({ authorizeClient }) => ({ fields: { user: (await authorizeClient()).userId } }),
    cost: { d1: 2, kv: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/apps": { status: 200, cost: { d1: 1 } },
  "GET /account/apps/remove": {
    status: 200,
    needsOperator: true,
    prepare: async (jane) => ({ path: `/account/apps/remove?id=${await withClient(jane)}` }),
    cost: { d1: 1 },
  },
  "POST /account/apps/remove": {
    status: 303,
    needsOperator: true,
    form: { id: "", name: "Notes" },
    prepare: async (jane) => ({ fields: { id: await withClient(jane) } }),
    cost: { d1: 1, kv: 1 },
  },
};
