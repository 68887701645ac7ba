import * as z from "zod/mini";
import type * as contract from "../../contract/api-keys.ts";
import { PASSWORD } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";
import { ExchangeApiKey, NewOwnApiKey } from "./api-keys.ts";

const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  created_at: z.iso.datetime(),
  /** Null if it does not expire. */
  expires_at: z.nullable(z.iso.datetime()),
  /** Up to a minute late. Null if it was never used. */
  last_used_at: z.nullable(z.iso.datetime()),
  /** Only in the answer to its creation. */
  key: z.optional(z.string()),
} satisfies ResponseFields<contract.ApiKey & Partial<contract.ApiKeyWithSecret>>);

const ApiKeyList = z.object({ api_keys: z.array(ApiKey) } satisfies ResponseFields<contract.ApiKeyList>);

const ApiKeyToken = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
  scope: z.string(),
} satisfies ResponseFields<contract.ApiKeyToken>);

export const schemas: Schemas = {
  ApiKey,
  ApiKeyList,
  NewOwnApiKey,
  ExchangeApiKey,
  ApiKeyToken,
};

const ID = "3fA9xQ0bZk7LmN2p";
// In two parts: scanners would take it for a leaked key.
const KEY = `gh_${ID}_${"9sVb2Kc7RtY0mPqLw4XzEu6HdJ1nGf3AiOyTkM8BvSrxCWh5N"}`;
const KEY_SHOWN: contract.ApiKey = {
  id: ID,
  name: "Backup script",
  scopes: ["notes:read"],
  created_at: "2026-11-20T08:00:00.000Z",
  expires_at: "2027-02-18T08:00:00.000Z",
  last_used_at: null,
};
const NEEDS_SETTING = "Needs `API_KEYS`.";

export const operations: Operations = {
  "GET /users/me/api-keys": {
    id: "listApiKeys",
    tag: "API keys",
    summary: "List the API keys",
    description: `Lists the API keys of the account, oldest first, without the keys themselves. ${NEEDS_SETTING}`,
    bearer: true,
    answer: { status: 200, description: "The API keys.", schema: ApiKeyList, example: { api_keys: [KEY_SHOWN] } },
    errors: ["not_found"],
  },
  "POST /users/me/api-keys": {
    id: "createApiKey",
    tag: "API keys",
    summary: "Create an API key",
    description: `A program that has the key acts for the user, within these scopes of \`OAUTH_SCOPES\`. Only this response has the key. Send the password, or prove the user with \`POST /users/me/reauthenticate\` first. ${NEEDS_SETTING}`,
    bearer: true,
    body: NewOwnApiKey,
    rateLimits: ["credentials"],
    example: { name: "Backup script", scopes: ["notes:read"], expires_in: 7_776_000, password: PASSWORD },
    answer: {
      status: 201,
      description: "The API key, and the key itself.",
      schema: ApiKey,
      example: { ...KEY_SHOWN, key: KEY },
    },
    errors: [
      "not_found",
      "invalid_credentials",
      "reauthentication_required",
      "too_many_api_keys",
      "too_many_attempts",
      "overloaded",
    ],
  },
  "DELETE /users/me/api-keys/{id}": {
    id: "revokeApiKey",
    tag: "API keys",
    summary: "Revoke an API key",
    description: "The key is invalid immediately, and access tokens that it was exchanged for within about a minute.",
    bearer: true,
    params: { id: { description: "The id of an API key.", example: ID } },
    answer: { status: 204, description: "The key was revoked." },
    errors: ["not_found"],
  },
  "POST /auth/api-keys/token": {
    id: "exchangeApiKey",
    tag: "API keys",
    summary: "Exchange an API key for an access token",
    description: `The access token expires after 15 minutes, or with the key, and has the scopes of the key. Services verify it without a call. Its \`sid\` begins with \`key:\`. There is no refresh token. ${NEEDS_SETTING}`,
    body: ExchangeApiKey,
    rateLimits: ["credentials"],
    example: { api_key: KEY, resource: "https://notes.example.com/api" },
    answer: {
      status: 200,
      description: "The access token.",
      schema: ApiKeyToken,
      example: {
        access_token: "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…",
        token_type: "bearer",
        expires_in: 900,
        scope: "notes:read",
      },
    },
    errors: ["not_found", "invalid_api_key", "invalid_target"],
  },
};
