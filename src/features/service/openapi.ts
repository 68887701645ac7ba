import * as z from "zod";
import type { Operations } from "../../http/operation.ts";

const at = z.int().meta({ description: "Unix time in milliseconds." });
const KeptMessage = z.discriminatedUnion("channel", [
  z.object({
    channel: z.literal("mail"),
    to: z.string(),
    language: z.string(),
    subject: z.string(),
    paragraphs: z.array(z.string()),
    at,
  }),
  z.object({ channel: z.literal("sms"), to: z.string(), text: z.string(), at }),
]);

const Welcome = z.object({ issuer: z.url(), docs: z.url(), openapi: z.url(), jwks: z.url() });

/** The metadata of `src/entrypoints/well-known.ts`. */
const Metadata = z.object({
  issuer: z.url(),
  jwks_uri: z.url(),
  service_documentation: z.url(),
  response_types_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  claims_supported: z.array(z.string()),
});

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
  nbf: z.int().optional(),
});

export const operations: Operations = {
  "GET /openapi.json": {
    tag: "Service",
    summary: "Get this API description",
    answer: { status: 200, description: "The OpenAPI 3.1 document.", schema: z.looseObject({ openapi: z.string() }) },
  },
  "GET /docs": {
    tag: "Service",
    summary: "Read the API reference",
    answer: {
      status: 200,
      description: "The API reference as a page, with a quick start.",
      schema: z.string(),
      type: "text/html",
    },
  },
  "GET /docs/{file}": {
    tag: "Service",
    summary: "Get a file of the API reference",
    description: "`/docs/errors` lists every error code.",
    answer: { status: 200, description: "The file.", schema: z.string(), type: "*/*" },
    errors: ["not_found"],
  },
  "GET /health": {
    tag: "Service",
    summary: "Check the health of the service",
    description:
      "Checks that the Worker runs and that its settings are valid. Does not check the database or other services.",
    answer: { status: 200, description: "The service is healthy.", schema: z.object({ status: z.literal("ok") }) },
  },
  "GET /health/ready": {
    tag: "Service",
    summary: "Check that the deployment is complete",
    description:
      "Checks that every binding is present, that the migrations of this version are applied, and that mail or text messages can be sent. Asks the database at most every ten seconds. `errors` lists what is missing, with a remedy.",
    answer: {
      status: 200,
      description: "The service is ready.",
      schema: z.object({
        status: z.literal("ready"),
        migration: z.string().meta({ description: "The last applied migration." }),
        mail: z.boolean().meta({ description: "Whether mail can be sent." }),
        sms: z.boolean().meta({ description: "Whether text messages can be sent." }),
      }),
    },
    errors: ["not_ready"],
  },
  "GET /dev/outbox": {
    tag: "Service",
    summary: "List the messages that were kept instead of sent",
    description:
      "For local development: exists only in `wrangler dev`, with a loopback `ISSUER` and without a provider for email or text messages. A browser gets a page.",
    answer: {
      status: 200,
      description: "The messages, newest first.",
      schema: z.union([z.string(), z.object({ messages: z.array(KeptMessage) })]),
      type: "*/*",
    },
    errors: ["not_found"],
  },
  "GET /": {
    tag: "Service",
    summary: "Get the addresses of the service",
    description: "Redirects a browser to the hosted pages.",
    answer: { status: 200, description: "The addresses.", schema: Welcome },
  },
  "GET /.well-known/jwks.json": {
    tag: "Service",
    summary: "Get the public keys of access tokens",
    description: "A JWK set (RFC 7517). The first key signs, all keys verify.",
    answer: { status: 200, description: "The key set.", schema: z.object({ keys: z.array(PublicJwk) }) },
  },
  "GET /.well-known/openid-configuration": {
    tag: "Service",
    summary: "Get the metadata for verifiers of access tokens",
    description:
      "The issuer, the address of its keys, their algorithms and the claims of tokens (OpenID Connect Discovery 1.0). The service has no OAuth endpoints, so the metadata names none.",
    answer: { status: 200, description: "The metadata.", schema: Metadata },
  },
  "GET /.well-known/oauth-authorization-server": {
    tag: "Service",
    summary: "Get the metadata for verifiers of access tokens (OAuth)",
    description: "The same metadata as `/.well-known/openid-configuration`, at the address of RFC 8414.",
    answer: { status: 200, description: "The metadata.", schema: Metadata },
  },
};
