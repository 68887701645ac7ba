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
  "GET /openapi.json": {
    tag: "Service",
    summary: "This document",
    answer: { status: 200, description: "OpenAPI 3.1.", schema: z.looseObject({ openapi: z.string() }) },
  },
  "GET /docs": {
    tag: "Service",
    summary: "This document as a page",
    answer: { status: 200, description: "A reference, with first steps.", schema: z.string(), type: "text/html" },
  },
  "GET /docs/{file}": {
    tag: "Service",
    summary: "A file of the reference",
    description: "`/docs/errors` lists every error code.",
    answer: { status: 200, description: "The file.", schema: z.string(), type: "*/*" },
    errors: ["not_found"],
  },
  "GET /health": {
    tag: "Service",
    summary: "Whether the service runs",
    description: "Says that the Worker runs and has its settings. It asks neither the database nor another service.",
    answer: { status: 200, description: "It does.", schema: z.object({ status: z.literal("ok") }) },
  },
  "GET /dev/outbox": {
    tag: "Service",
    summary: "Messages that were kept instead of sent",
    description: "Only on a loopback `ISSUER` that lacks a provider of mail or texts. A browser gets a page.",
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
    summary: "Where things are",
    description: "A browser is led to the hosted pages instead.",
    answer: { status: 200, description: "Addresses.", schema: Welcome },
  },
  "GET /.well-known/jwks.json": {
    tag: "Service",
    summary: "The public keys of the tokens",
    description: "A JWK set (RFC 7517). The first key signs; all verify.",
    answer: { status: 200, description: "The key set.", schema: z.object({ keys: z.array(PublicJwk) }) },
  },
};
