import { REFRESHED } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Logout } from "./logout.ts";

export const schemas: Schemas = { Logout };

export const operations: Operations = {
  "POST /auth/logout": {
    id: "logout",
    tag: "Sessions",
    summary: "Sign out",
    description:
      "Uses `refresh_token`, the bearer access token, or the cookie, in this order. `scope` is `local` (this session), `others` or `global`. Refresh tokens become invalid immediately, access tokens within about a minute. For `local` the token may have expired. Also succeeds if the session has already ended.",
    bearer: "optional",
    cookie: true,
    body: Logout,
    bodyOptional: true,
    example: { refresh_token: REFRESHED.refresh_token, scope: "local" },
    answer: { status: 204, description: "The sessions have ended." },
    errors: ["invalid_refresh_token", "refresh_token_reused", "origin_not_allowed"],
  },
};
