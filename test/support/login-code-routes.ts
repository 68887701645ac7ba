import { JANE } from "../../src/http/examples.ts";
import { CREDENTIALS, MESSAGES, type Route } from "./route.ts";

const REQUEST = "/auth/login/request-code";

/** The rows of codes and links that sign in. */
export const LOGIN_CODE_ROUTES: Record<string, Route> = {
  "POST /auth/login/request-code": {
    status: 202,
    body: { identifier: "janedoe", turnstile_token: "t", device_token: "t" },
    cost: { queue: 1 },
    limits: [MESSAGES],
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
