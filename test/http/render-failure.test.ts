import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { expect, it } from "vitest";
import * as z from "zod/mini";
import { answer } from "../../src/http/answer.ts";
import type { AppEnv } from "../../src/http/app-env.ts";
import { bearer } from "../../src/http/bearer.ts";
import { body, limitBody } from "../../src/http/body.ts";
import { rateLimit } from "../../src/http/rate-limit.ts";
import { provideDeps } from "../../src/http/request-context.ts";
import { err } from "../../src/result.ts";

/** An entry point with an error format of its own: RFC 6749 §5.2. */
const tokenEndpoint = new Hono<AppEnv>()
  .use((c, next) => {
    c.set("renderFailure", (context, { code }) => context.json({ error: code }, 400));
    return next();
  })
  .use(provideDeps, limitBody)
  .post("/act", rateLimit("credentials"), body(z.strictObject({ a: z.string() })), (c) =>
    answer(c, err("invalid_credentials")),
  )
  .get("/bearer", bearer, (c) => c.json({}));

const json = { "content-type": "application/json" };

it.each([
  ["an act", "/act", { method: "POST", body: '{"a":"b"}', headers: json }, "invalid_credentials"],
  ["the schema", "/act", { method: "POST", body: "{}", headers: json }, "invalid_request"],
  ["the JSON parser", "/act", { method: "POST", body: "{", headers: json }, "malformed_body"],
  ["the media type", "/act", { method: "POST", body: "a=b" }, "unsupported_media_type"],
  ["the body limit", "/act", { method: "POST", body: "x".repeat(20_000), headers: json }, "body_too_large"],
  ["the access token", "/bearer", {}, "unauthenticated"],
])("a failure of %s takes the form of its entry point", async (_, path, init, code) => {
  const response = await tokenEndpoint.request(path, init, env, createExecutionContext());

  expect([response.status, await response.json()]).toEqual([400, { error: code }]);
});
