import type { Operations } from "../../http/operation.ts";
import { SessionList } from "./session.ts";
import { Logout } from "./sessions.ts";

export const operations: Operations = {
  "POST /auth/logout": {
    tag: "Sessions",
    summary: "End sessions",
    description:
      "Takes `refresh_token`, an access token as bearer, or the cookie, in this order; either may have expired. `scope` is `local` (this session), `others` or `global`. Refreshing ends at once, access tokens die within about a minute. Answers the same when the session has ended already.",
    bearer: "optional",
    body: Logout,
    bodyOptional: true,
    answer: { status: 204, description: "Logged out." },
    errors: ["invalid_refresh_token", "origin_not_allowed"],
  },
  "GET /users/me/sessions": {
    tag: "Sessions",
    summary: "Where the user is logged in",
    bearer: true,
    answer: { status: 200, description: "The live sessions, last used first; at most 20.", schema: SessionList },
  },
  "DELETE /users/me/sessions/{id}": {
    tag: "Sessions",
    summary: "End one of the user's sessions",
    bearer: true,
    answer: { status: 204, description: "The session has ended." },
    errors: ["not_found"],
  },
};
