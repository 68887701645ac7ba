import { appCode } from "./authenticator.ts";
import { PAGE_ROUTES } from "./page-routes.ts";
import { created, signInWith } from "./passkeys.ts";
import { PASSWORD } from "./passwords.ts";
import {
  CREDENTIALS,
  emailCode,
  enrollmentToken,
  type Fields,
  loginToken,
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
  withApp,
  withPasskey,
  withTrustedDevice,
} from "./route.ts";
import { createPasskey } from "./security-key.ts";

const DELETE_ACCOUNT: Route = {
  status: 204,
  body: { password: PASSWORD },
  cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
  limits: [CREDENTIALS],
};
const REMOVE_ADDRESS: Route = { ...DELETE_ACCOUNT, status: 200, body: { password: PASSWORD, transport: "body" } };

const REMOVE_TOTP: Route = {
  status: 200,
  body: { password: PASSWORD, transport: "body" },
  prepare: async (jane) => ({ token: (await withApp(jane)).token }),
  // Of the two sessions, the app has ended one already.
  cost: { d1: 2, kv: 1, queue: 1, hashes: 1 },
  limits: [CREDENTIALS],
};

const CANCEL_REMOVAL: Route = {
  status: 204,
  async prepare(jane) {
    const { token } = await withApp(jane);
    await jane.askRemoval();
    return { token };
  },
  cost: { d1: 1 },
};

const removePasskey = (suffix: string): Route => ({
  ...REMOVE_TOTP,
  async prepare(jane) {
    const { token, id } = await withPasskey(jane);
    return { token, path: `/users/me/passkeys/${id}${suffix}` };
  },
});

/** A response of the right shape. */
const CREDENTIAL = { id: "AAAA", rawId: "AAAA", type: "public-key" };
const ASSERTION = {
  ...CREDENTIAL,
  response: { clientDataJSON: "AAAA", authenticatorData: "AAAA", signature: "AAAA", userHandle: "AAAA" },
};
const REGISTRATION_RESPONSE = {
  ...CREDENTIAL,
  response: { clientDataJSON: "AAAA", attestationObject: "AAAA", transports: ["internal"] },
  clientExtensionResults: { credProps: { rk: true } },
};

const TRUSTING = { TRUSTED_DEVICE_DAYS: "30" };
const MFA_REQUIRED = { MFA_POLICY: "required" };

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
  "POST /auth/login/second-factor": {
    status: 200,
    body: { login_token: "t", code: "123456", trust_device: true, device_token: "t", transport: "body" },
    prepare: async (jane) => ({ fields: await loginToken(jane) }),
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  "POST /auth/login/enroll/totp": {
    status: 200,
    body: { login_token: "t" },
    settings: MFA_REQUIRED,
    prepare: async (jane) => ({ fields: await enrollmentToken(jane) }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/login/enroll/totp/confirm": {
    status: 200,
    body: { login_token: "t", code: "123456", device_token: "t", transport: "body" },
    settings: MFA_REQUIRED,
    async prepare(jane) {
      const token = await enrollmentToken(jane);
      const { secret } = await jane.post("/auth/login/enroll/totp", token);
      return { fields: { ...token, code: appCode(secret) } };
    },
    // The two sessions from before end.
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/login/enroll/passkey/options": {
    status: 200,
    body: { login_token: "t" },
    settings: MFA_REQUIRED,
    prepare: async (jane) => ({ fields: await enrollmentToken(jane) }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/login/enroll/passkey": {
    status: 201,
    body: {
      login_token: "t",
      credential: REGISTRATION_RESPONSE,
      name: "My phone",
      device_token: "t",
      transport: "body",
    },
    settings: MFA_REQUIRED,
    async prepare(jane) {
      const token = await enrollmentToken(jane);
      const options = await jane.post("/auth/login/enroll/passkey/options", token);
      return { fields: { ...token, credential: created(await createPasskey(), options) } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
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
  "POST /auth/login/second-factor/options": {
    status: 200,
    body: { login_token: "t" },
    async prepare(jane) {
      await withPasskey(jane);
      const { login_token } = await jane.post("/auth/login", { identifier: "janedoe", password: PASSWORD });
      return { fields: { login_token } };
    },
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/reauthenticate/options": {
    status: 200,
    prepare: async (jane) => ({ token: (await withPasskey(jane)).token }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/passkeys/options": { status: 200, cost: {} },
  "POST /auth/passkeys/login": {
    status: 200,
    body: { credential: ASSERTION, device_token: "t", transport: "body" },
    prepare: async (jane) => ({ fields: { credential: await signInWith(jane.post, await withPasskey(jane)) } }),
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  "GET /users/me/passkeys": {
    status: 200,
    prepare: async (jane) => ({ token: (await withPasskey(jane)).token }),
    cost: { d1: 1 },
  },
  "POST /users/me/passkeys/options": {
    status: 200,
    body: { password: PASSWORD },
    cost: { d1: 2, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/passkeys": {
    status: 201,
    body: { credential: REGISTRATION_RESPONSE, name: "My phone", transport: "body" },
    async prepare({ own, post }) {
      const options = await post("/users/me/passkeys/options", { password: PASSWORD }, own.access_token);
      return { fields: { credential: created(await createPasskey(), options) } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "PATCH /users/me/passkeys/{id}": {
    status: 200,
    body: { name: "My phone" },
    async prepare(jane) {
      const { token, id } = await withPasskey(jane);
      return { token, path: `/users/me/passkeys/${id}` };
    },
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me/passkeys/{id}": removePasskey(""),
  "POST /users/me/passkeys/{id}/delete": removePasskey("/delete"),
  "GET /.well-known/webauthn": { status: 200, cost: {} },
  "GET /users/me/factors": {
    status: 200,
    prepare: async (jane) => ({ token: (await withApp(jane)).token }),
    cost: { d1: 1 },
  },
  "DELETE /users/me/factor-removal": CANCEL_REMOVAL,
  "POST /users/me/factor-removal/delete": CANCEL_REMOVAL,
  "POST /users/me/totp": {
    status: 200,
    body: { password: PASSWORD },
    cost: { d1: 2, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/totp/confirm": {
    status: 200,
    body: { code: "123456", transport: "body" },
    async prepare({ own, post }) {
      const { secret } = await post("/users/me/totp", { password: PASSWORD }, own.access_token);
      return { fields: { code: appCode(secret) } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me/totp": REMOVE_TOTP,
  "POST /users/me/totp/delete": REMOVE_TOTP,
  "POST /users/me/recovery-codes": REMOVE_TOTP,
  "GET /users/me/sessions": { status: 200, cost: { d1: 1 } },
  "DELETE /users/me/sessions/{id}": {
    status: 204,
    prepare: ({ otherId }) => ({ path: `/users/me/sessions/${otherId}` }),
    cost: { d1: 1, kv: 1 },
  },
  "GET /users/me/trusted-devices": {
    status: 200,
    settings: TRUSTING,
    prepare: async (jane) => ({ token: (await withTrustedDevice(jane)).token }),
    cost: { d1: 1 },
  },
  "DELETE /users/me/trusted-devices/{id}": {
    status: 204,
    settings: TRUSTING,
    async prepare(jane) {
      const { token, id } = await withTrustedDevice(jane);
      return { token, path: `/users/me/trusted-devices/${id}` };
    },
    cost: { d1: 1 },
  },
  "GET /users/me/events": { status: 200, cost: { d1: 1 } },
};

/** By `METHOD /path`, as the OpenAPI document spells it. */
export const ROUTES: Record<string, Route> = { ...API_ROUTES, ...PAGE_ROUTES };

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
