import * as z from "zod/mini";
import { JANE } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";

const at = z.int().check(z.meta({ description: "Unix time in milliseconds." }));
const KeptMail = z.object({
  channel: z.literal("mail"),
  to: z.string(),
  language: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  from: z.nullable(z.string()),
  reply_to: z.nullable(z.string()),
  headers: z.record(z.string(), z.string()),
  at,
});
const KeptTextMessage = z.object({ channel: z.literal("sms"), to: z.string(), text: z.string(), at });
const Outbox = z.object({ messages: z.array(z.discriminatedUnion("channel", [KeptMail, KeptTextMessage])) });

const Health = z.object({ status: z.literal("ok") });

const Readiness = z.object({
  status: z.literal("ready"),
  migration: z.string().check(z.meta({ description: "The last applied migration." })),
  mail: z.boolean().check(z.meta({ description: "Whether mail can be sent." })),
  sms: z.boolean().check(z.meta({ description: "Whether text messages can be sent." })),
  pepper: z.string().check(z.meta({ description: "The name of the secret with the pepper for new values." })),
  earlier_peppers: z.int().check(z.meta({ description: "How many earlier peppers are still accepted." })),
});

const OpenApiDocument = z.looseObject({ openapi: z.string() });

const Welcome = z.object({ issuer: z.url(), docs: z.url(), openapi: z.url(), jwks: z.url() });

const member = z.optional(z.string());

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
  iat: z.optional(z.int()),
  nbf: z.optional(z.int()),
});

const JwkSet = z.object({ keys: z.array(PublicJwk) });

const ISSUER = "https://auth.example.com";

export const schemas: Schemas = {
  Health,
  Readiness,
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
  "GET /llms.txt": {
    id: "listDocs",
    tag: "Service",
    summary: "List the pages of the documentation",
    description: "For language models (https://llmstxt.org).",
    answer: { status: 200, description: "The list.", schema: z.string(), type: "text/plain", example: "# Gatehouse" },
  },
  "GET /docs": {
    id: "readDocs",
    tag: "Service",
    summary: "Read the documentation",
    description: "For people. `/openapi.json` describes the API for programs, and `/llms.txt` lists all pages.",
    answer: {
      status: 200,
      description: "The first page of the documentation.",
      schema: z.string(),
      type: "text/html",
      example: "<!doctype html>",
    },
  },
  "GET /docs/{file}": {
    id: "getDocsFile",
    tag: "Service",
    summary: "Get a file of the documentation",
    description:
      "`/docs/api` is the API reference with a form for each request, and `/docs/errors` explains every error code.",
    params: { file: { description: "The path of the file.", example: "errors" } },
    answer: {
      status: 200,
      description: "The file.",
      schema: z.string(),
      type: ["text/html", "text/css", "text/javascript", "text/markdown", "text/plain", "image/svg+xml"],
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
  "GET /health/ready": {
    id: "checkReadiness",
    tag: "Service",
    summary: "Check that the deployment is complete",
    description:
      "Checks that every binding is present, that the migrations of this version are applied, and that mail or text messages can be sent. Caches the answer of the database for ten seconds, and a failure for one. `errors` lists what is missing, with a remedy.",
    answer: {
      status: 200,
      description: "The service is ready.",
      schema: Readiness,
      example: {
        status: "ready",
        migration: "0012_bounds.sql",
        mail: true,
        sms: false,
        pepper: "PEPPER",
        earlier_peppers: 0,
      },
    },
    errors: ["not_ready"],
  },
  "GET /dev/outbox": {
    id: "listKeptMessages",
    tag: "Service",
    summary: "List the messages that were kept instead of sent",
    description:
      "For local development: exists only in `wrangler dev`, with a loopback `ISSUER` and without a provider for email or text messages. A browser gets a page with the HTML, the text and the headers of each mail.",
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
            text: "Your verification code\n\n123456 is your code.\n",
            html: "<!doctype html>",
            from: "Example <auth@example.com>",
            reply_to: null,
            headers: { "Auto-Submitted": "auto-generated" },
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
