import * as z from "zod";
import { JANE } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";

const at = z.int().meta({ description: "Unix time in milliseconds." });
const KeptMail = z.object({
  channel: z.literal("mail"),
  to: z.string(),
  language: z.string(),
  subject: z.string(),
  paragraphs: z.array(z.string()),
  at,
});
const KeptTextMessage = z.object({ channel: z.literal("sms"), to: z.string(), text: z.string(), at });
const Outbox = z.object({ messages: z.array(z.discriminatedUnion("channel", [KeptMail, KeptTextMessage])) });

const Health = z.object({ status: z.literal("ok") });

const OpenApiDocument = z.looseObject({ openapi: z.string() });

const Welcome = z.object({ issuer: z.url(), docs: z.url(), openapi: z.url(), jwks: z.url() });

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

const JwkSet = z.object({ keys: z.array(PublicJwk) });

const ISSUER = "https://auth.example.com";

export const schemas: Schemas = {
  Health,
  Outbox,
  KeptMail,
  KeptTextMessage,
  OpenApiDocument,
  Welcome,
  JwkSet,
  PublicJwk,
};

export const operations: Operations = {
  "GET /openapi.json": {
    id: "getOpenApiDocument",
    tag: "Service",
    summary: "Get this API description",
    description: "Its server is the `ISSUER` of this deployment.",
    answer: {
      status: 200,
      description: "The OpenAPI 3.1 document.",
      schema: OpenApiDocument,
      example: { openapi: "3.1.0" },
    },
  },
  "GET /docs": {
    id: "readDocs",
    tag: "Service",
    summary: "Read the API reference",
    description: "For people. `/openapi.json` is the same reference for programs.",
    answer: {
      status: 200,
      description: "The API reference as a page, with a quick start.",
      schema: z.string(),
      type: "text/html",
      example: "<!doctype html>",
    },
  },
  "GET /docs/{file}": {
    id: "getDocsFile",
    tag: "Service",
    summary: "Get a file of the API reference",
    description: "`/docs/errors` lists every error code.",
    params: { file: { description: "The name of the file.", example: "errors" } },
    answer: {
      status: 200,
      description: "The file.",
      schema: z.string(),
      type: ["text/html", "text/css", "text/javascript"],
      example: "<!doctype html>",
    },
    errors: ["not_found"],
  },
  "GET /health": {
    id: "checkHealth",
    tag: "Service",
    summary: "Check the health of the service",
    description:
      "Checks that the Worker runs and that its settings are valid. Does not check the database or other services.",
    answer: { status: 200, description: "The service is healthy.", schema: Health, example: { status: "ok" } },
  },
  "GET /dev/outbox": {
    id: "listKeptMessages",
    tag: "Service",
    summary: "List the messages that were kept instead of sent",
    description:
      "For local development: exists only in `wrangler dev`, with a loopback `ISSUER` and without a provider for email or text messages. A browser gets a page.",
    answer: {
      status: 200,
      description: "The messages, newest first.",
      schema: Outbox,
      example: {
        messages: [
          {
            channel: "mail",
            to: JANE.email,
            language: "en",
            subject: "Your verification code",
            paragraphs: ["Your verification code is 123456."],
            at: 1_795_000_000_000,
          },
        ],
      },
    },
    errors: ["not_found"],
  },
  "GET /": {
    id: "getAddresses",
    tag: "Service",
    summary: "Get the addresses of the service",
    description: "Redirects a browser to the hosted pages.",
    answer: {
      status: 200,
      description: "The addresses.",
      schema: Welcome,
      example: {
        issuer: ISSUER,
        docs: `${ISSUER}/docs`,
        openapi: `${ISSUER}/openapi.json`,
        jwks: `${ISSUER}/.well-known/jwks.json`,
      },
    },
  },
  "GET /.well-known/jwks.json": {
    id: "getJwks",
    tag: "Service",
    summary: "Get the public keys of access tokens",
    description: "A JWK set (RFC 7517). The first key signs, all keys verify.",
    answer: {
      status: 200,
      description: "The key set.",
      schema: JwkSet,
      // The public key of RFC 7515, appendix A.3.
      example: {
        keys: [
          {
            kty: "EC",
            kid: "2026-11",
            alg: "ES256",
            use: "sig",
            crv: "P-256",
            x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            iat: 1_793_500_000,
          },
        ],
      },
    },
  },
};
