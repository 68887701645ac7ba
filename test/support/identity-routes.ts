import { PASSWORD } from "./passwords.ts";
import { CREDENTIALS, type PreparedJane, type Route } from "./route.ts";

const PROVIDER = "acme";

const UNLINK: Route = {
  status: 200,
  needsOperator: true,
  body: { password: PASSWORD, transport: "body" },
  prepare: async ({ linkIdentity }) => ({ path: `/users/me/identities/${await linkIdentity()}` }),
  cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
  limits: [CREDENTIALS],
};

/** The rows of identities in the API. */
export const IDENTITY_ROUTES: Record<string, Route> = {
  "GET /auth/social/{provider}": {
    status: 303,
    needsOperator: true,
    prepare: () => ({ path: `/auth/social/${PROVIDER}` }),
    cost: {},
    limits: [CREDENTIALS],
  },
  "GET /users/me/identities": {
    status: 200,
    needsOperator: true,
    async prepare({ linkIdentity }) {
      await linkIdentity();
      return {};
    },
    cost: { d1: 1 },
  },
  "POST /users/me/identities": {
    status: 200,
    needsOperator: true,
    body: { provider: PROVIDER, return_to: "https://app.test/", password: PASSWORD },
    prepare: () => ({ fields: { provider: PROVIDER, return_to: "https://app.test/" } }),
    cost: { d1: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me/identities/{id}": UNLINK,
  "POST /users/me/identities/{id}/delete": {
    ...UNLINK,
    prepare: async ({ linkIdentity }) => ({ path: `/users/me/identities/${await linkIdentity()}/delete` }),
  },
};

const opened = async ({ linkIdentity }: PreparedJane) => ({
  path: `/account/identities/remove?id=${await linkIdentity()}`,
});

/** The rows of the pages of identities. */
export const IDENTITY_PAGE_ROUTES: Record<string, Route> = {
  // A browser that started nothing has no state. test/features/social.test.ts has other costs.
  "GET /auth/social/{provider}/callback": {
    status: 400,
    prepare: () => ({ path: `/auth/social/${PROVIDER}/callback?code=c&state=s` }),
    cost: {},
    limits: [CREDENTIALS],
  },
  // This provider redirects: only Apple posts.
  "POST /auth/social/{provider}/callback": {
    status: 404,
    form: { code: "c", state: "s" },
    prepare: () => ({ path: `/auth/social/${PROVIDER}/callback` }),
    cost: {},
    limits: [CREDENTIALS],
  },
  "GET /account/identities": { status: 200, cost: { d1: 1 } },
  "GET /account/identities/add": {
    status: 200,
    prepare: () => ({ path: `/account/identities/add?provider=${PROVIDER}` }),
    cost: { d1: 1 },
  },
  // Answers with the page of the second step.
  "POST /account/identities/add": {
    status: 200,
    form: { provider: PROVIDER, password: PASSWORD },
    cost: { d1: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  // A browser in which no identity was proven is led on.
  "GET /account/identities/link": { status: 303, cost: {} },
  "POST /account/identities/link": {
    status: 303,
    form: { provider: PROVIDER, email: "jane@acme.example", return_to: "/account", password: PASSWORD },
    cost: {},
    limits: [CREDENTIALS],
  },
  "GET /account/identities/remove": { status: 200, prepare: opened, cost: { d1: 2 } },
  "POST /account/identities/remove": {
    status: 303,
    form: { id: "x", provider: PROVIDER, password: PASSWORD },
    prepare: async ({ linkIdentity }) => ({ fields: { id: await linkIdentity() } }),
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
};
