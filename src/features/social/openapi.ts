import * as z from "zod/mini";
import type * as contract from "../../contract/factors.ts";
import { PASSWORD, SIGNED_IN } from "../../http/examples.ts";
import type { Operation, Operations, Schemas } from "../../http/operation.ts";
import { CHANGES_FACTORS, NEEDS_PROOF } from "../../http/sentences.ts";
import { Tokens } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { LinkIdentity, UnlinkIdentity } from "./identities.ts";

const Identity = z.object({
  id: z.string(),
  provider: z.string(),
  email: z.nullable(z.string()),
  linked_at: z.iso.datetime(),
  last_used_at: z.nullable(z.iso.datetime()),
} satisfies ResponseFields<contract.Identity>);

const IdentityList = z.object({
  identities: z.array(Identity),
} satisfies ResponseFields<contract.IdentityList>);

const IdentityLink = z.object({ url: z.string() } satisfies ResponseFields<contract.IdentityLink>);

const Start = z.object({
  return_to: z.optional(z.string()).check(
    z.meta({
      description:
        "Where the browser goes after the sign-in: a path of this service, or a page in `ALLOWED_ORIGINS`. Anything else is ignored. Default: the account page.",
      example: "https://app.example.com/",
    }),
  ),
  prompt: z.optional(z.literal("login")).check(
    z.meta({
      description:
        "Lets the provider ask a user again whom it knows, if it can. Nobody is signed in if the user signed in there longer ago than a change of credentials allows.",
    }),
  ),
  link: z.optional(z.string()).check(z.meta({ description: "Part of the `url` of `POST /users/me/identities`." })),
});

export const schemas: Schemas = { Identity, IdentityList, IdentityLink, LinkIdentity, UnlinkIdentity };

const IDENTITY_ID = "2f4e0a53-8c1b-4bb3-9d6f-0c0a5f7d1e42";
const IDENTITY = {
  id: IDENTITY_ID,
  provider: "google",
  email: "jane.doe@example.com",
  linked_at: "2026-11-20T17:05:12.000Z",
  last_used_at: "2026-11-21T08:30:00.000Z",
};

const removal: Operation = {
  id: "unlinkIdentity",
  tag: "Identities",
  summary: "Unlink an identity",
  description: `${NEEDS_PROOF} ${CHANGES_FACTORS}`,
  bearer: true,
  params: { id: { description: "The id of the identity.", example: IDENTITY_ID } },
  body: UnlinkIdentity,
  bodyOptional: true,
  example: { password: PASSWORD },
  rateLimits: ["credentials"],
  answer: { status: 200, description: "The identity was unlinked.", schema: Tokens, example: SIGNED_IN },
  errors: [
    "invalid_credentials",
    "reauthentication_required",
    "origin_not_allowed",
    "not_found",
    "last_credential",
    "too_many_attempts",
    "overloaded",
  ],
};

export const operations: Operations = {
  "GET /auth/social/{provider}": {
    id: "signInAtProvider",
    tag: "Identities",
    summary: "Sign in at an identity provider",
    description:
      "Navigate the browser here; it is not for `fetch`. The provider sends the browser back, and the service answers with the refresh token in the cookie and goes to `return_to`. Pages of the service ask for a second factor and show failures.",
    params: { provider: { description: "The `id` of a provider in `IDENTITY_PROVIDERS`.", example: "google" } },
    query: Start,
    rateLimits: ["credentials"],
    answer: { status: 303, description: "The browser goes to the provider." },
    errors: ["invalid_state", "not_found", "provider_unavailable"],
  },
  "GET /users/me/identities": {
    id: "listIdentities",
    tag: "Identities",
    summary: "List the identities",
    description: "Lists the accounts at identity providers that sign the user in, oldest first.",
    bearer: true,
    answer: {
      status: 200,
      description: "The identities.",
      schema: IdentityList,
      example: { identities: [IDENTITY] },
    },
  },
  "POST /users/me/identities": {
    id: "linkIdentity",
    tag: "Identities",
    summary: "Link an identity",
    description: `Returns the address to navigate the browser to, within ten minutes. The browser must have the session in the cookie. The user then signs in at the provider. ${NEEDS_PROOF} Linking ends the user's other sessions; the browser gets the new tokens in the cookie. A notice goes to the owner.`,
    bearer: true,
    body: LinkIdentity,
    example: { provider: "google", return_to: "https://app.example.com/settings", password: PASSWORD },
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "Where to navigate to.",
      schema: IdentityLink,
      example: { url: "https://auth.example.com/auth/social/google?link=K3Vx…" },
    },
    errors: ["invalid_credentials", "reauthentication_required", "not_found", "too_many_attempts", "overloaded"],
  },
  "DELETE /users/me/identities/{id}": removal,
  "POST /users/me/identities/{id}/delete": {
    ...removal,
    id: "unlinkIdentityByPost",
    summary: `${removal.summary} (without DELETE)`,
  },
};
