import { JANE } from "../../src/http/examples.ts";
import { CREDENTIALS, MESSAGES, type PreparedJane, type Route, type Session } from "./route.ts";

const REQUEST = "/auth/login/request-code";

/** The session of a user who has just proven the email address by a code. */
async function provenSession({ requested, post }: Pick<PreparedJane, "requested" | "post">): Promise<Session> {
  const { code } = await requested(REQUEST, { email: JANE.email });
  return post("/auth/login/code", { email: JANE.email, otp: code });
}

/** The nonce of the browser in the headers of an answer, or "". */
export const browserOf = (headers: Headers): string =>
  /__Host-login_browser=([\w-]+)/.exec(headers.get("set-cookie") ?? "")?.[1] ?? "";

/** A browser that a code has signed in. */
async function provenBrowser(jane: PreparedJane) {
  Object.assign(jane.own, await provenSession(jane));
  return {};
}

/** The rows of codes and links that sign in. */
export const LOGIN_CODE_ROUTES: Record<string, Route> = {
  "POST /auth/login/request-code": {
    status: 202,
    body: { identifier: "janedoe", turnstile_token: "t", device_token: "t" },
    cost: { queue: 1 },
    limits: [MESSAGES],
  },
  "POST /users/me/reauthenticate/request-code": {
    status: 202,
    prepare: async (jane) => ({ token: (await provenSession(jane)).access_token }),
    cost: { d1: 1, queue: 1 },
    limits: [CREDENTIALS, MESSAGES],
  },
  "POST /auth/login/code": {
    status: 200,
    body: { identifier: "janedoe", otp: "123456", device_token: "t", transport: "body" },
    prepare: async ({ requested }) => ({ fields: { otp: (await requested(REQUEST, { email: JANE.email })).code } }),
    // The first proof of an address ends the sessions from before, of which the owner is told.
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /auth/login/link": {
    status: 200,
    body: { token: "t", device_token: "t", transport: "body" },
    prepare: async ({ requested }) => {
      const { token, browser } = await requested(REQUEST, { email: JANE.email });
      return { fields: { token }, cookies: { login_browser: browser ?? "" } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
};

const asked = (identifier: string) => ({ login_sent: `0 ${identifier}` });

/** The rows of their pages. */
export const LOGIN_CODE_PAGE_ROUTES: Record<string, Route> = {
  "GET /sign-in/code": { status: 200, cost: {} },
  "POST /sign-in/code": { status: 303, form: { identifier: "janedoe" }, cost: { queue: 1 }, limits: [MESSAGES] },
  "GET /sign-in/code/enter": {
    status: 200,
    prepare: async () => ({ cookies: asked("janedoe") }),
    cost: {},
  },
  "POST /sign-in/code/enter": {
    status: 303,
    form: { identifier: "janedoe", otp: "123456" },
    prepare: async ({ requested }) => ({ fields: { otp: (await requested(REQUEST, { email: JANE.email })).code } }),
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  // The token of a link moves into a cookie.
  "GET /sign-in/link": { status: 303, prepare: () => ({ path: "/sign-in/link?token=x" }), cost: {} },
  // A browser that followed no link has no cookie.
  "GET /sign-in/link/open": { status: 303, cost: {} },
  "POST /sign-in/link": {
    status: 303,
    form: { token: "t" },
    prepare: async ({ requested }) => {
      const { token, browser } = await requested(REQUEST, { email: JANE.email });
      return { fields: { token }, cookies: { login_browser: browser ?? "" } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/confirm-identity/send-code": { status: 200, cost: {} },
  "POST /account/confirm-identity/send-code": {
    status: 303,
    form: {},
    prepare: provenBrowser,
    cost: { d1: 1, queue: 1 },
    limits: [CREDENTIALS, MESSAGES],
  },
  "GET /account/confirm-identity/code": { status: 200, cost: {} },
  "POST /account/confirm-identity/code": {
    status: 303,
    form: { otp: "123456" },
    async prepare(jane) {
      await provenBrowser(jane);
      const { code } = await jane.requested("/users/me/reauthenticate/request-code", {});
      return { fields: { otp: code } };
    },
    cost: { d1: 2, kv: 1 },
    limits: [CREDENTIALS],
  },
};
