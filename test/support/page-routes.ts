import { API_KEY_PAGE_ROUTES } from "./api-keys.ts";
import { ENROLLMENT_PAGE_ROUTES } from "./enrollment-page-routes.ts";
import { FACTOR_PAGE_ROUTES } from "./factor-page-routes.ts";
import { IDENTITY_PAGE_ROUTES } from "./identity-routes.ts";
import { LOGIN_CODE_PAGE_ROUTES } from "./login-code-routes.ts";
import { OAUTH_PAGE_ROUTES } from "./oauth-routes.ts";
import { created, signInWith } from "./passkeys.ts";
import { PASSWORD } from "./passwords.ts";
import {
  CREDENTIALS,
  emailCode,
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
  withPasskey,
} from "./route.ts";
import { createPasskey } from "./security-key.ts";

const asset = () => ({ path: "/pages/page.css" });

/** The rows of the hosted pages, requested by a browser in which Jane is signed in. */
export const PAGE_ROUTES: Record<string, Route> = {
  ...FACTOR_PAGE_ROUTES,
  ...ENROLLMENT_PAGE_ROUTES,
  ...IDENTITY_PAGE_ROUTES,
  ...OAUTH_PAGE_ROUTES,
  ...API_KEY_PAGE_ROUTES,
  "GET /pages/{file}": { status: 200, prepare: asset, cost: {} },
  // A browser that is signed in is led to its session.
  "GET /sign-in": { status: 303, cost: {} },
  "POST /sign-in": {
    status: 303,
    form: { identifier: "janedoe", password: PASSWORD },
    cost: { d1: 2, kv: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /sign-in/passkey": { status: 303, cost: {} },
  "POST /sign-in/passkey": {
    status: 303,
    form: { credential: "{}" },
    async prepare(jane) {
      const credential = await signInWith(jane.post, await withPasskey(jane));
      return { fields: { credential: JSON.stringify(credential) } };
    },
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  ...LOGIN_CODE_PAGE_ROUTES,
  // Without a first step there is no second one.
  "GET /sign-in/second-factor": { status: 303, cost: {} },
  "POST /sign-in/second-factor": {
    status: 303,
    form: { code: "123456" },
    async prepare(jane) {
      const { login_token, code } = await loginToken(jane);
      return { fields: { code }, cookies: { login_token: `${login_token} totp,recovery_code second-factor` } };
    },
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  "POST /sign-in/second-factor/options": {
    status: 200,
    form: {},
    async prepare(jane) {
      const { login_token } = await loginToken(jane);
      return { cookies: { login_token: `${login_token} totp,recovery_code second-factor` } };
    },
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "GET /sign-up": { status: 200, cost: {} },
  "POST /sign-up": {
    status: 303,
    form: { address: "john@example.com", password: PASSWORD },
    cost: { d1: 1, queue: 1, hashes: 1 },
    limits: [REGISTRATION],
  },
  "GET /sign-up/passkey": { status: 303, cost: {} },
  "POST /sign-up/passkey": {
    status: 303,
    form: { address: "john@example.com", password: "", credential: "{}" },
    async prepare({ post }) {
      const options = await post("/auth/register/options", { email: "john@example.com" });
      return { fields: { credential: JSON.stringify(created(await createPasskey(), options)) } };
    },
    cost: { d1: 1, queue: 1 },
    limits: [REGISTRATION],
  },
  // Without a registration in this browser there are no codes.
  "GET /sign-up/recovery-codes": { status: 303, cost: {} },
  "POST /sign-up/recovery-codes": { status: 303, form: {}, cost: {} },
  "GET /verify": { status: 200, cost: {} },
  "POST /verify": {
    status: 303,
    form: { identifier: "janedoe", otp: "123456" },
    prepare: async (jane) => ({ fields: { otp: await verificationCode(jane) } }),
    cost: { d1: 2 },
    limits: [CREDENTIALS],
  },
  "GET /verify/resend": { status: 303, cost: {} },
  "POST /verify/resend": { status: 303, form: { identifier: "janedoe" }, cost: { queue: 1 }, limits: [MESSAGES] },
  "GET /forgot-password": { status: 200, cost: {} },
  "POST /forgot-password": { status: 303, form: { identifier: "janedoe" }, cost: { queue: 1 }, limits: [MESSAGES] },
  // Without a request of this browser there is nothing to say.
  "GET /forgot-password/sent": { status: 303, cost: {} },
  // The token of a link moves into a cookie.
  "GET /reset-password": { status: 303, prepare: () => ({ path: "/reset-password?token=x" }), cost: {} },
  // A browser that followed no link has no cookie.
  "GET /reset-password/link": { status: 400, cost: {}, limits: [CREDENTIALS] },
  "POST /reset-password": {
    status: 303,
    form: { token: "t", ...REPEATED_PASSWORD },
    prepare: async (jane) => ({ fields: { token: await resetLink(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /reset-password/code": { status: 303, cost: {} },
  "POST /reset-password/code": {
    status: 303,
    form: { identifier: "janedoe", otp: "123456", ...REPEATED_PASSWORD },
    prepare: async (jane) => ({ fields: { otp: await resetCode(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /release-address": { status: 303, prepare: () => ({ path: "/release-address?token=x" }), cost: {} },
  "GET /release-address/link": { status: 400, cost: {}, limits: [CREDENTIALS] },
  "POST /release-address": {
    status: 303,
    form: { token: "t" },
    prepare: async (jane) => ({ fields: { token: await releaseLink(jane) } }),
    cost: { d1: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /session/renew": { status: 303, prepare: () => ({ path: "/session/renew?to=/account" }), cost: { d1: 1 } },
  "POST /session/renew": {
    status: 307,
    form: {},
    prepare: () => ({ path: "/session/renew?to=/account" }),
    cost: { d1: 1 },
  },
  // A developer's machine only.
  "GET /dev/pages": { status: 404, cost: {} },
  "GET /dev/pages/{name}": { status: 404, cost: {} },
  "GET /sign-out": { status: 200, cost: {} },
  "POST /sign-out": { status: 303, form: {}, cost: { d1: 1, kv: 1 } },
  "GET /signed-out": { status: 200, cost: {} },
  // The two trips are at the same time.
  "GET /account": { status: 200, cost: { d1: 2, kv: 1 } },
  "GET /account/profile": { status: 200, cost: { d1: 1, kv: 1 } },
  "POST /account/profile": { status: 303, form: { first_name: "Jane", locale: "de" }, cost: { d1: 1 } },
  "GET /account/username": { status: 200, cost: { d1: 1, kv: 1 } },
  "POST /account/username": {
    status: 303,
    form: { username: "jane", contact: "phone", password: PASSWORD },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/activity": { status: 200, cost: { d1: 1 } },
  "GET /account/sessions": { status: 200, cost: { d1: 1 } },
  "GET /account/sessions/end": { status: 303, cost: {} },
  "GET /account/sessions/end-others": { status: 303, cost: {} },
  "POST /account/sessions/end": {
    status: 303,
    form: { id: "x" },
    prepare: ({ otherId }) => ({ fields: { id: otherId } }),
    cost: { d1: 1, kv: 1 },
  },
  "POST /account/sessions/end-others": { status: 303, form: {}, cost: { d1: 1, kv: 1 } },
  "GET /language": { status: 303, cost: {} },
  "POST /language": { status: 303, form: { language: "de", return_to: "/account" }, cost: { d1: 2 } },
  "GET /.well-known/change-password": { status: 303, cost: {} },
  "GET /account/password": { status: 200, cost: {} },
  "POST /account/password": {
    status: 303,
    form: { old_password: PASSWORD, ...REPEATED_PASSWORD },
    cost: { d1: 2, kv: 2, queue: 1, hashes: 2 },
    limits: [CREDENTIALS],
  },
  "GET /account/email": { status: 200, cost: { d1: 1, kv: 1 } },
  "POST /account/email": {
    status: 303,
    form: { email: NEW_EMAIL, password: PASSWORD },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS, MESSAGES],
  },
  "GET /account/email/confirm": { status: 200, cost: {} },
  "POST /account/email/confirm": {
    status: 303,
    form: { otp: "123456" },
    prepare: async (jane) => ({ fields: { otp: await emailCode(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/phone": { status: 200, cost: { d1: 1, kv: 1 } },
  "POST /account/phone": {
    status: 303,
    form: { phone: NEW_PHONE, password: PASSWORD },
    cost: { d1: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS, MESSAGES],
  },
  "GET /account/phone/confirm": { status: 200, cost: {} },
  "POST /account/phone/confirm": {
    status: 303,
    form: { otp: "123456" },
    prepare: async (jane) => ({ fields: { otp: await phoneCode(jane) } }),
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/email/resend": { status: 303, cost: {} },
  // A browser that has requested no code has nothing to repeat.
  "POST /account/email/resend": { status: 303, form: {}, cost: {}, limits: [CREDENTIALS, MESSAGES] },
  "GET /account/email/remove": { status: 200, cost: {} },
  "POST /account/email/remove": {
    status: 303,
    form: { password: PASSWORD },
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/phone/resend": { status: 303, cost: {} },
  // A browser that has requested no code has nothing to repeat.
  "POST /account/phone/resend": { status: 303, form: {}, cost: {}, limits: [CREDENTIALS, MESSAGES] },
  "GET /account/phone/remove": { status: 200, cost: {} },
  "POST /account/phone/remove": {
    status: 303,
    form: { password: PASSWORD },
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/delete": { status: 200, cost: {} },
  "POST /account/delete": {
    status: 303,
    form: { password: PASSWORD },
    cost: { d1: 2, kv: 2, queue: 1, hashes: 1 },
    limits: [CREDENTIALS],
  },
};
