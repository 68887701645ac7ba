import { LINK_TOKEN } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { ReleaseAddress } from "./address-release.ts";

export const schemas: Schemas = { ReleaseAddress };

export const operations: Operations = {
  "POST /auth/release-address": {
    id: "releaseAddress",
    tag: "Recovery",
    summary: "Remove your address from an account that never verified it",
    description:
      "The link is sent to an unverified address whose account has another, verified one: in place of a link or code that somebody requests for the address, or when somebody registers with it. The owner of the account gets a notice.",
    body: ReleaseAddress,
    rateLimits: ["credentials"],
    example: { token: LINK_TOKEN },
    answer: { status: 204, description: "The address was removed and can be registered." },
    errors: ["invalid_token"],
  },
};
