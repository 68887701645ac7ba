import type { Operations } from "../../http/operation.ts";
import { Tokens } from "../../schemas/tokens.ts";
import { Refresh } from "./refresh.ts";

export const operations: Operations = {
  "POST /auth/refresh": {
    tag: "Sessions",
    summary: "Turn a refresh token into new tokens",
    description:
      "Each refresh token is used once. The one before the current one is taken for `REFRESH_REUSE_WINDOW_SECONDS` more, so that two tabs or a lost answer log nobody out; any older one ends the session. Without `refresh_token` the cookie counts, which needs an allowed `Origin`; the new one is then set as the cookie again.",
    body: Refresh,
    bodyOptional: true,
    answer: { status: 200, description: "The new tokens; lifetimes are seconds.", schema: Tokens },
    errors: ["invalid_refresh_token", "refresh_token_reused", "origin_not_allowed"],
  },
};
