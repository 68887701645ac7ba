import { appCode } from "./authenticator.ts";
import { created, signInWith } from "./passkeys.ts";
import { PASSWORD } from "./passwords.ts";
import { CREDENTIALS, loginToken, type Route, withApp, withPasskey } from "./route.ts";
import { createPasskey } from "./security-key.ts";

const REMOVE_TOTP: Route = {
  status: 200,
  body: { password: PASSWORD, transport: "body" },
  prepare: async (jane) => ({ token: (await withApp(jane)).token }),
  // Of the two sessions, the app has ended one already.
  cost: { d1: 2, kv: 1, queue: 1, hashes: 1 },
  limits: [CREDENTIALS],
};

const REMOVE_PASSWORD: Route = {
  ...REMOVE_TOTP,
  prepare: async (jane) => ({ token: (await withPasskey(jane)).token }),
};

const removePasskey = (suffix: string): Route => ({
  ...REMOVE_TOTP,
  async prepare(jane) {
    const { token, id } = await withPasskey(jane);
    return { token, path: `/users/me/passkeys/${id}${suffix}` };
  },
});

const CANCEL_REMOVAL: Route = {
  status: 204,
  needsOperator: true,
  async prepare(jane) {
    const { token } = await withApp(jane);
    await jane.askRemoval();
    return { token };
  },
  cost: { d1: 1 },
};

/** A response of the right shape. */
const CREDENTIAL = { id: "AAAA", rawId: "AAAA", type: "public-key" };
const ASSERTION = {
  ...CREDENTIAL,
  response: { clientDataJSON: "AAAA", authenticatorData: "AAAA", signature: "AAAA", userHandle: "AAAA" },
};
export const REGISTRATION_RESPONSE = {
  ...CREDENTIAL,
  response: { clientDataJSON: "AAAA", attestationObject: "AAAA", transports: ["internal"] },
  clientExtensionResults: { credProps: { rk: true } },
};

/** The rows of second factors and passkeys. */
export const FACTOR_ROUTES: Record<string, Route> = {
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
  "POST /auth/login/second-factor": {
    status: 200,
    body: { login_token: "t", code: "123456", trust_device: true, device_token: "t", transport: "body" },
    prepare: async (jane) => ({ fields: await loginToken(jane) }),
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  "POST /users/me/reauthenticate/options": {
    status: 200,
    prepare: async (jane) => ({ token: (await withPasskey(jane)).token }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/register/options": {
    status: 200,
    body: { email: "john@example.com", phone: "+12025550177", username: "john" },
    cost: {},
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
      return { fields: { code: appCode(secret, 1) } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "DELETE /users/me/totp": REMOVE_TOTP,
  "POST /users/me/totp/delete": REMOVE_TOTP,
  "POST /users/me/recovery-codes": REMOVE_TOTP,
  "DELETE /users/me/password": REMOVE_PASSWORD,
  "POST /users/me/password/delete": REMOVE_PASSWORD,
};
