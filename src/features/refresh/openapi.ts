import * as z from "zod/mini";
import { REFRESHED } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Tokens } from "../../schemas/answers.ts";
import { Refresh, RefreshForm } from "./refresh.ts";

/** The dispatch by `grant_type` is in `src/entrypoints/token.ts`. */
const RefreshGrant = z.looseObject({ grant_type: z.optional(z.literal("refresh_token")), ...RefreshForm.shape });

export const schemas: Schemas = { Refresh, RefreshForm: RefreshGrant, Tokens };

export const operations: Operations = {
  "POST /auth/refresh": {
    id: "refresh",
    tag: "Sessions",
    summary: "Refresh the tokens",
    description:
      "Exchanges a refresh token for new tokens. Each refresh token works once. The previous token is accepted for `REFRESH_REUSE_WINDOW_SECONDS` more, so that a second tab or a lost response does not sign the user out; an older token ends the session. Without `refresh_token` the request uses the cookie, which requires an allowed `Origin`, and the response sets the new token as the cookie. Also accepts the refresh form of OAuth 2.0 (RFC 6749 §6), as `POST /auth/login` does.",
    cookie: true,
    body: Refresh,
    form: RefreshGrant,
    bodyOptional: true,
    example: { refresh_token: REFRESHED.refresh_token },
    formExample: { grant_type: "refresh_token", refresh_token: `${REFRESHED.refresh_token}` },
    answer: {
      status: 200,
      description: "The new tokens. Lifetimes are in seconds.",
      schema: Tokens,
      example: REFRESHED,
    },
    errors: ["invalid_refresh_token", "refresh_token_reused", "origin_not_allowed", "too_many_requests"],
  },
};
