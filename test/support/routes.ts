import { API_KEY_ROUTES } from "./api-keys.ts";
import { ENROLLMENT_ROUTES } from "./enrollment-routes.ts";
import { FACTOR_ROUTES } from "./factor-routes.ts";
import { IDENTITY_ROUTES } from "./identity-routes.ts";
import { LOGIN_CODE_ROUTES } from "./login-code-routes.ts";
import { OAUTH_ROUTES } from "./oauth-routes.ts";
import { PAGE_ROUTES } from "./page-routes.ts";
import { PASSWORD } from "./passwords.ts";
import {
  CREDENTIALS,
  emailCode,
  type Fields,
  MESSAGES,
  NEW_EMAIL,
  NEW_PHONE,
  phoneCode,
  REGISTRATION,
  REPEATED_PASSWORD,
  type Route,
  releaseLink,
  resetCode,
  resetLink,
  verificationCode,
} from "./route.ts";

const DELETE_ACCOUNT: Route = {
  status: 204,
  body: { password: PASSWORD },
  cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
  limits: [CREDENTIALS],
};
const REMOVE_ADDRESS: Route = { ...DELETE_ACCOUNT, status: 200, body: { password: PASSWORD, transport: "body" } };

/**
 * The table of routes: one row for each mounted route; `test/routes.test.ts` fails when one is
 * missing. The tests that walk the routes (bad input, naughty strings, faults, budgets, rate
 * limits, logs) read it, so a new route costs one row. It imports nothing that needs workerd,
 * because `scripts/attack` reads it on Node.
 */
const API_ROUTES: Record<string, Route> = {
  "GET /": { status: 200, cost: {} },
  "GET /health": { status: 200, cost: {} },
  "GET /health/ready": { status: 200, cost: { d1: 1 } },
  "GET /.well-known/jwks.json": { status: 200, cost: {} },
  "GET /.well-known/openid-configuration": { status: 200, cost: {} },
  "GET /.well-known/oauth-authorization-server": { status: 200, cost: {} },
  "GET /openapi.json": { status: 200, cost: {} },
  "GET /llms.txt": { status: 200, cost: {} },
  "GET /docs": { status: 200, cost: {} },
  "GET /docs/{file}": { status: 200, prepare: () => ({ path: "/docs/errors" }), cost: {} },
  // Only a development server has it.
  "GET /dev/outbox": { status: 404, cost: {} },
  "POST /auth/register": {
    status: 201,
    body: {
      email: "john@example.com",
      phone: "+12025550177",
      username: "john",
      password: PASSWORD,
      confirm_password: PASSWORD,
      first_name: "John",
      last_name: "Doe",
      contact: "phone",
      short_description: "…",
      locale: "de",
      turnstile_token: "t",
    },
    // Not those of Jane, which the example in the API reference has.
    prepare: () => ({ fields: { email: "john@example.com", username: "john" } }),
    cost: { d1: 1, queue: 1, hashes: 1 },
    limits: [REGISTRATION],
  },
  "POST /auth/login": {
    status: 200,
    body: { identifier: "janedoe", password: PASSWORD, turnstile_token: "t", transport: "body" },
    cost: { d1: 2, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/refresh": {
    status: 200,
    body: { refresh_token: "a.b.c" },
    prepare: ({ other }) => ({ fields: { refresh_token: other.refresh_token } }),
    cost: { d1: 1 },
  },
  "POST /auth/logout": {
    status: 204,
    body: { refresh_token: "a.b.c", scope: "local" },
    prepare: ({ other }) => ({ fields: { refresh_token: other.refresh_token } }),
    cost: { d1: 1, kv: 1 },
  },
  "POST /auth/forgot-password": {
    status: 202,
    body: { identifier: "janedoe", turnstile_token: "t", device_token: "t" },
    cost: { queue: 1 },
    limits: [MESSAGES],
  },
  "POST /auth/request-reset": {
    status: 202,
    body: { identifier: "janedoe", turnstile_token: "t", device_token: "t" },
    cost: { queue: 1 },
    limits: [MESSAGES],
  },
  "POST /auth/reset-password": {
    status: 204,
    body: { token: "t", ...REPEATED_PASSWORD, transport: "cookie" },
    prepare: async (jane) => ({ fields: { token: await resetLink(jane) } }),
    // One KV write for each of the two sessions that end.
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/reset-password/{token}": {
    status: 204,
    body: { ...REPEATED_PASSWORD, transport: "cookie" },
    prepare: async (jane) => ({ path: `/auth/reset-password/${await resetLink(jane)}` }),
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/verify-reset": {
    status: 204,
    body: { identifier: "janedoe", otp: "123456", device_token: "t", ...REPEATED_PASSWORD, transport: "cookie" },
    prepare: async (jane) => ({ fields: { otp: await resetCode(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/verify": {
    status: 204,
    body: { identifier: "janedoe", otp: "123456", device_token: "t" },
    prepare: async (jane) => ({ fields: { otp: await verificationCode(jane) } }),
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  "POST /auth/verify/resend": {
    status: 202,
    body: { identifier: "janedoe", turnstile_token: "t", device_token: "t" },
    cost: { queue: 1 },
    limits: [MESSAGES],
  },
  "POST /auth/release-address": {
    status: 204,
    body: { token: "t" },
    prepare: async (jane) => ({ fields: { token: await releaseLink(jane) } }),
    cost: { d1: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/change-password": {
    status: 200,
    body: { old_password: PASSWORD, ...REPEATED_PASSWORD, transport: "body" },
    cost: { d1: 2, kv: 2, queue: 1, hashes: 2 },
    limits: [CREDENTIALS],
  },
  "GET /auth/me": { status: 200, cost: { d1: 1, kv: 1 } },
  "GET /users/me": { status: 200, cost: { d1: 1, kv: 1 } },
  "PATCH /users/me": {
    status: 200,
    body: {
      username: "jane",
      first_name: "Jane",
      last_name: "Doe",
      contact: "phone",
      short_description: "…",
      locale: "en-GB",
      password: PASSWORD,
    },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me": DELETE_ACCOUNT,
  "POST /users/me/delete": DELETE_ACCOUNT,
  "POST /users/me/reauthenticate": {
    status: 200,
    body: { password: PASSWORD, transport: "body" },
    cost: { d1: 2, kv: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/password": {
    status: 200,
    body: { current_password: PASSWORD, ...REPEATED_PASSWORD, transport: "body" },
    cost: { d1: 2, kv: 2, queue: 1, hashes: 2 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/email": {
    status: 202,
    body: { email: NEW_EMAIL, password: PASSWORD },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS, MESSAGES],
  },
  "POST /users/me/email/confirm": {
    status: 200,
    body: { otp: "123456", transport: "body" },
    prepare: async (jane) => ({ fields: { otp: await emailCode(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/phone": {
    status: 202,
    body: { phone: NEW_PHONE, password: PASSWORD },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS, MESSAGES],
  },
  "POST /users/me/phone/confirm": {
    status: 200,
    body: { otp: "123456", transport: "body" },
    prepare: async (jane) => ({ fields: { otp: await phoneCode(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me/email": REMOVE_ADDRESS,
  "POST /users/me/email/delete": REMOVE_ADDRESS,
  "DELETE /users/me/phone": REMOVE_ADDRESS,
  "POST /users/me/phone/delete": REMOVE_ADDRESS,
  "GET /users/me/sessions": { status: 200, cost: { d1: 1 } },
  "DELETE /users/me/sessions/{id}": {
    status: 204,
    prepare: ({ otherId }) => ({ path: `/users/me/sessions/${otherId}` }),
    cost: { d1: 1, kv: 1 },
  },
  "GET /users/me/events": { status: 200, cost: { d1: 1 } },
  "GET /users/me/export": { status: 200, cost: { d1: 1 }, limits: [CREDENTIALS] },
};

/** By `METHOD /path`, as the OpenAPI document spells it. */
export const ROUTES: Record<string, Route> = {
  ...API_ROUTES,
  ...LOGIN_CODE_ROUTES,
  ...FACTOR_ROUTES,
  ...ENROLLMENT_ROUTES,
  ...IDENTITY_ROUTES,
  ...OAUTH_ROUTES,
  ...API_KEY_ROUTES,
  ...PAGE_ROUTES,
};

/** The row of a route; throws where there is none. */
export function routeOf(name: string): Route {
  const route = ROUTES[name];
  if (!route) throw new Error(`test/support/routes.ts has no row for ${name}`);
  return route;
}

/** The JSON body of a route with every field; throws where it takes none. */
export function bodyOf(name: string): Fields {
  const { body } = routeOf(name);
  if (!body) throw new Error(`${name} has no body in test/support/routes.ts`);
  return body;
}
