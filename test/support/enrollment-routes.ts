import { appCode } from "./authenticator.ts";
import { REGISTRATION_RESPONSE } from "./factor-routes.ts";
import { created } from "./passkeys.ts";
import { CREDENTIALS, enrollmentToken, type Route, withTrustedDevice } from "./route.ts";
import { createPasskey } from "./security-key.ts";

const TRUSTING = { TRUSTED_DEVICE_DAYS: "30" };
const MFA_REQUIRED = { MFA_POLICY: "required" };

/** Starts to add a factor. */
const START: Route = {
  status: 200,
  body: { login_token: "t" },
  needsOperator: true,
  settings: MFA_REQUIRED,
  prepare: async (jane) => ({ fields: await enrollmentToken(jane) }),
  cost: { d1: 1 },
  limits: [CREDENTIALS],
};

/** The rows of routes that need settings: adding a factor at sign-in, and trusted browsers. */
export const ENROLLMENT_ROUTES: Record<string, Route> = {
  "POST /auth/login/enroll/totp": START,
  "POST /auth/login/enroll/totp/confirm": {
    status: 200,
    body: { login_token: "t", code: "123456", device_token: "t", transport: "body" },
    needsOperator: true,
    settings: MFA_REQUIRED,
    async prepare(jane) {
      const token = await enrollmentToken(jane);
      const { secret } = await jane.post("/auth/login/enroll/totp", token);
      return { fields: { ...token, code: appCode(secret, 1) } };
    },
    // The two sessions from before end.
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/login/enroll/passkey/options": START,
  "POST /auth/login/enroll/passkey": {
    status: 201,
    body: {
      login_token: "t",
      credential: REGISTRATION_RESPONSE,
      name: "My phone",
      device_token: "t",
      transport: "body",
    },
    needsOperator: true,
    settings: MFA_REQUIRED,
    async prepare(jane) {
      const token = await enrollmentToken(jane);
      const options = await jane.post("/auth/login/enroll/passkey/options", token);
      return { fields: { ...token, credential: created(await createPasskey(), options) } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
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
};
