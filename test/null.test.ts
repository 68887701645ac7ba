/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import document from "../public/openapi.json" with { type: "json" };
import { logIn } from "./support/people.ts";
import { administer, call } from "./support/rpc.ts";
import { createWorldWithJane, PASSWORD } from "./support/world.ts";

interface Body {
  properties?: Record<string, { type?: string | string[]; anyOf?: { type?: string }[]; enum?: unknown[] }>;
  required?: string[];
}

const schemas = document.components.schemas as Record<string, object>;

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(
    item as Record<string, { requestBody?: { content: Record<string, { schema: { $ref: string } }> } }>,
  ).map(([method, { requestBody }]) => ({
    name: `${method.toUpperCase()} ${path}`,
    schema: schemas[requestBody?.content["application/json"]?.schema.$ref.split("/").at(-1) ?? ""] as Body | undefined,
  })),
);

/** Every schema of a request that a module exports: they alone refuse unknown fields. */
const requests = Object.values(
  import.meta.glob<Record<string, unknown>>(["../src/features/**/*.{ts,tsx}", "../src/entrypoints/rpc/*.ts"], {
    eager: true,
  }),
)
  .flatMap((module) => Object.entries(module))
  .filter((entry): entry is [string, z.ZodMiniObject] => entry[1] instanceof z.ZodMiniObject)
  .filter(([, { _zod }]) => _zod.def.catchall instanceof z.ZodMiniNever);

describe("null in an optional field", () => {
  it("is accepted by the body of every route, as the API reference says", () => {
    const refusing = operations.flatMap(({ name, schema: { properties = {}, required = [] } = {} }) =>
      Object.entries(properties)
        .filter(([field]) => !required.includes(field))
        .filter(([, { type, anyOf, enum: values }]) =>
          [type, anyOf?.map((either) => either.type), values?.map((value) => value ?? "null")]
            .flat()
            .every((accepted) => accepted !== "null"),
        )
        .map(([field]) => `${name}: ${field}`),
    );

    expect(operations.filter(({ schema }) => schema?.properties).length).toBeGreaterThan(20);
    expect(refusing).toEqual([]);
  });

  it("is accepted by every schema of a request, of service bindings and pages too", () => {
    const refusing = requests.flatMap(([name, { shape }]) =>
      Object.entries(shape as Record<string, z.ZodMiniType>)
        .filter(([, field]) => field.safeParse(undefined).success && !field.safeParse(null).success)
        .map(([field]) => `${name}.${field}`),
    );

    expect(requests.length).toBeGreaterThan(25);
    expect(refusing).toEqual([]);
  });

  it("means the same as an empty text, except that an empty confirmation is wrong", () => {
    const differing = requests.flatMap(([name, { shape }]) =>
      Object.entries(shape as Record<string, z.ZodMiniType>)
        .filter(([, field]) => field.safeParse(null).success)
        .filter(([, field]) => JSON.stringify(field.safeParse("")) !== JSON.stringify(field.safeParse(null)))
        .map(([field]) => `${name}.${field}`),
    );

    expect(differing.filter((field) => !field.endsWith(".confirm_password"))).toEqual([]);
  });

  it("changes no answer over HTTP", async () => {
    const { world } = await createWorldWithJane();
    const others = { email: null, phone: null, username: null, turnstile_token: null, device_token: null };
    const named = { identifier: "janedoe", ...others };

    const { status, json } = await world.post("/auth/login", { ...named, password: PASSWORD, transport: null });
    expect(status).toBe(200);
    const token = json.access_token;
    const acts: [string, string, object, number][] = [
      ["POST", "/auth/forgot-password", named, 202],
      ["POST", "/auth/verify/resend", named, 202],
      ["POST", "/users/me/email", { email: "new@example.com", password: null }, 202],
      ["POST", "/users/me/reauthenticate", { password: PASSWORD, transport: null }, 200],
    ];
    for (const [method, path, body, expected] of acts) {
      expect([path, (await world.call(method, path, { token, body })).status]).toEqual([path, expected]);
    }
    const { refresh_token } = (await logIn(world)).json;
    expect((await world.post("/auth/refresh", { refresh_token: null })).json.code).toBe("invalid_refresh_token");
    expect((await world.post("/auth/logout", { refresh_token, scope: null })).status).toBe(204);
  });

  it("changes no answer over a service binding, also in place of an argument", async () => {
    const { world } = await createWorldWithJane();
    const input = { identifier: "janedoe", email: null, password: PASSWORD };
    const nobody = { ip: null, user_agent: null, accept_language: null };

    const login = await call(world, "login", input, nobody);
    expect([login.ok, (await call(world, "login", input, null)).ok]).toEqual([true, true]);
    const { access_token, refresh_token } = login.value;
    expect((await call(world, "verify", access_token, null)).ok).toBe(true);
    expect((await call(world, "verify", access_token, { audience: null, tier: null })).ok).toBe(true);
    expect((await call(world, "logout", { refresh_token, access_token: null, scope: null })).ok).toBe(true);
    for (const page of [null, { query: null, cursor: null, limit: null }]) {
      expect((await administer(world, "listUsers", page)).value.users).toHaveLength(1);
    }
  });
});
