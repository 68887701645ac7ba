import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

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
});

export const operations: Operations = {
  "GET /.well-known/jwks.json": {
    tag: "Service",
    summary: "The public keys of the tokens",
    description: "A JWK set (RFC 7517). The first key signs; all verify.",
    answer: { status: 200, description: "The key set.", schema: z.object({ keys: z.array(PublicJwk) }) },
  },
};
