import * as z from "zod";
import type { Operations } from "../../http/operation.ts";
import { Tokens } from "../../schemas/tokens.ts";
import { Refresh } from "./tokens.ts";

const member = z.string().optional();

const PublicJwk = z.object({
  kty: z.string(),
  kid: z.string(),
  alg: z.string(),
  use: z.literal("sig"),
  crv: member,
  x: member,
  y: member,
  n: member,
  e: member,
  iat: z.int().optional(),
});

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
  "GET /.well-known/jwks.json": {
    tag: "Service",
    summary: "The public keys of the tokens",
    description: "A JWK set (RFC 7517). The first key signs; all verify.",
    answer: { status: 200, description: "The key set.", schema: z.object({ keys: z.array(PublicJwk) }) },
  },
};
