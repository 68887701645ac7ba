import type { Operations } from "../../http/operation.ts";
import { Logout } from "./logout.ts";

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
};
