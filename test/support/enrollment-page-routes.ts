import { appCode } from "./authenticator.ts";
import { created } from "./passkeys.ts";
import {
  browserWithApp,
  CREDENTIALS,
  enrollmentToken,
  type PreparedJane,
  type Route,
  withTrustedDevice,
} from "./route.ts";
import { createPasskey } from "./security-key.ts";

const MFA_REQUIRED = { MFA_POLICY: "required" };

/** The cookies of a browser whose sign-in has to add a second factor. */
async function enrolling(jane: PreparedJane) {
  const { login_token } = await enrollmentToken(jane);
  return { login_token, cookies: { login_token: `${login_token} totp,passkey enroll` } };
}

/** The rows of the pages that need settings: a second factor by policy, and trusted browsers. */
export const ENROLLMENT_PAGE_ROUTES: Record<string, Route> = {
  // Without a first step there is no second one.
  "GET /sign-in/add-factor": { status: 303, cost: {} },
  "POST /sign-in/add-factor": {
    status: 303,
    form: { credential: "{}" },
    settings: MFA_REQUIRED,
    async prepare(jane) {
      const { login_token, cookies } = await enrolling(jane);
      const options = await jane.post("/auth/login/enroll/passkey/options", { login_token });
      return { fields: { credential: JSON.stringify(created(await createPasskey(), options)) }, cookies };
    },
    // The two sessions from before end.
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /sign-in/add-factor/options": {
    status: 200,
    form: {},
    settings: MFA_REQUIRED,
    prepare: async (jane) => ({ cookies: (await enrolling(jane)).cookies }),
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "GET /sign-in/add-factor/app": { status: 303, cost: {} },
  "POST /sign-in/add-factor/app": {
    status: 303,
    form: { code: "123456" },
    settings: MFA_REQUIRED,
    async prepare(jane) {
      const { login_token, cookies } = await enrolling(jane);
      const { secret } = await jane.post("/auth/login/enroll/totp", { login_token });
      return { fields: { code: appCode(secret) }, cookies };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/sessions/trusted": { status: 200, cost: { d1: 1 } },
  "POST /account/sessions/trusted": {
    status: 303,
    form: { id: "x" },
    settings: { TRUSTED_DEVICE_DAYS: "30" },
    prepare: async (jane) => ({ fields: { id: (await withTrustedDevice(jane)).id } }),
    cost: { d1: 1 },
  },
  "GET /account/keep-factors": { status: 303, cost: {} },
  "POST /account/keep-factors": {
    status: 303,
    form: {},
    async prepare(jane) {
      await browserWithApp(jane);
      await jane.askRemoval();
      return {};
    },
    cost: { d1: 1 },
  },
};
