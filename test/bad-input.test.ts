import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { documentedRoutes, routesWithBody, routesWithOptionalBody } from "./support/openapi.ts";
import { PROVIDERS } from "./support/outbox.ts";
import { bodyOf } from "./support/routes.ts";
import { type Answer, createWorldWithJane, dumpRows, JSON_TYPE, type World } from "./support/world.ts";

// The routes share one parser, so together they run it hundreds of times.
fc.configureGlobal({ numRuns: 15 });

const split = (route: string) => route.split(" ") as [string, string];

/**
 * Values that no field accepts: of a wrong type, impossible to store, or far too long. An empty
 * text means null in an optional field.
 */
const wrongValue = fc.oneof(
  fc.constantFrom<unknown>([], {}, ["john@example.com"], { $ne: null }, true, 0, -1, 1.5, 1e308, "\0", "\ud800"),
  fc.constantFrom("x".repeat(10_000), "😀".repeat(5_000), "\u202e\0"),
  fc.array(fc.jsonValue()),
  fc.dictionary(fc.string(), fc.jsonValue()),
  fc.integer(),
);

const oddName = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "id",
    "password_hash",
    "",
    "\ud800",
  ),
  fc.string({ unit: "binary" }),
);

/** Adds a field to a JSON object. `JSON.stringify` would drop `__proto__`. */
const withName = (body: object, name: string, value: unknown) =>
  `${JSON.stringify(body).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;

type Rows = Awaited<ReturnType<typeof dumpRows>>;

/** Expects a refusal, and the database to hold these rows as before. */
async function expectRefused(rows: Rows, send: () => Promise<Answer>, statuses = [400, 413, 415, 422]) {
  const { status, json } = await send();

  expect(statuses).toContain(status);
  expect(json.code).toMatch(/^[a-z_]+$/);
  expect(await dumpRows()).toEqual(rows);
}

describe.each(routesWithBody)("%s", (route) => {
  const [method, path] = split(route);
  const good = bodyOf(route);
  const isOptional = routesWithOptionalBody.includes(route);
  let world: World;
  let authorization: string;
  let rows: Rows;

  beforeEach(async () => {
    const jane = await createWorldWithJane();
    world = jane.world;
    authorization = `Bearer ${(await jane.login()).access_token}`;
    rows = await dumpRows();
  });

  const raw = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
    world.send(path, { method, headers: { authorization, ...headers }, body });
  const refuses = (send: () => Promise<Answer>, statuses?: number[]) => expectRefused(rows, send, statuses);

  it("refuses any JSON other than its object, and changes nothing", async () => {
    const isEmpty = (value: unknown) => JSON.stringify(value) === "{}";
    const wrong = fc.jsonValue({ maxDepth: 4 }).filter((value) => !(isOptional && isEmpty(value)));

    await fc.assert(fc.asyncProperty(wrong, (value) => refuses(() => raw(JSON.stringify(value)))));
  });

  it("refuses a wrong value in any field, and changes nothing", async () => {
    const field = fc.constantFrom(...Object.keys(good));

    await fc.assert(
      fc.asyncProperty(field, wrongValue, (name, value) => {
        fc.pre(typeof good[name] !== "boolean" || value !== true);
        return refuses(() => raw(JSON.stringify({ ...good, [name]: value })));
      }),
    );
  });

  it("refuses an unknown field by its name, and changes nothing", async () => {
    const unknown = oddName.filter(
      (name) => !(Object.hasOwn(good, name) || ["email", "phone", "username"].includes(name)),
    );

    await fc.assert(
      fc.asyncProperty(unknown, fc.jsonValue(), async (name, value) => {
        await refuses(async () => {
          const answer = await raw(withName(good, name, value));
          if (answer.status === 422)
            expect(answer.json.errors.map(({ path }: { path: string }) => path)).toContain(name);
          return answer;
        });
      }),
    );
  });

  it("refuses a duplicate field, and changes nothing", async () => {
    const field = fc.constantFrom(...Object.keys(good));

    await fc.assert(
      fc.asyncProperty(field, fc.jsonValue(), (name, value) => refuses(() => raw(withName(good, name, value)), [400])),
    );
  });

  it("refuses arbitrary bytes, and changes nothing", async () => {
    const bytes = fc.uint8Array({ minLength: isOptional ? 1 : 0, maxLength: 200 });

    await fc.assert(fc.asyncProperty(bytes, (body) => refuses(() => raw(body))));
  });

  it("refuses its own body cut off anywhere, and changes nothing", async () => {
    const text = JSON.stringify(good);

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: isOptional ? 1 : 0, max: text.length - 1 }), (length) =>
        refuses(() => raw(text.slice(0, length)), [400]),
      ),
    );
  });

  it("refuses a body of a megabyte, and changes nothing", async () => {
    await refuses(() => raw(withName(good, "x", "x".repeat(2 ** 20))), [413]);
  });

  it("refuses every other content type, and changes nothing", async () => {
    const type = fc.string({ unit: "grapheme-ascii" }).map((text) => text.trim());

    await fc.assert(
      fc.asyncProperty(type, (text) => refuses(() => raw(JSON.stringify(good), { "content-type": text }), [415])),
    );
  });
});

it("a malformed login form is refused, and changes nothing", async () => {
  const { world } = await createWorldWithJane();
  const rows = await dumpRows();

  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(oddName, fc.string({ unit: "binary" }))), (fields) => {
      const body = fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return expectRefused(rows, () => world.send("/auth/login", { method: "POST", headers, body }));
    }),
    { numRuns: 100 },
  );
});

it("any path, method, query and header is answered below 500", async () => {
  const errors = vi.spyOn(console, "error");
  const { world } = await createWorldWithJane(PROVIDERS);
  const path = fc.oneof(
    fc.constantFrom(...documentedRoutes.map((route) => split(route)[1])),
    fc.webPath(),
    fc.string({ unit: "binary" }).map((text) => `/${encode(text)}`),
  );
  const header = fc.string({ unit: "grapheme-ascii" }).map((text) => text.trim());
  const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND");

  await fc.assert(
    fc.asyncProperty(path, method, fc.webQueryParameters(), header, async (target, verb, query, value) => {
      const headers = { authorization: value, cookie: value, origin: value, accept: value, "cf-connecting-ip": value };
      const { status } = await world.send(`${target}?${query}`, { method: verb, headers });
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
  expect(errors).not.toHaveBeenCalled();
});

it("any forged bearer token is answered 401", async () => {
  const { world, login } = await createWorldWithJane();
  const parts = (await login()).access_token.split(".") as string[];
  const part = fc.oneof(
    fc.constantFrom(...parts),
    fc.base64String().map((text) => text.replace(/=/g, "").replace(/\+/g, "-").replace(/\//g, "_")),
    fc.jsonValue().map((value) => btoa(encode(JSON.stringify(value))).replace(/=/g, "")),
    fc.string({ unit: "grapheme-ascii" }),
  );
  const token = fc.array(part, { maxLength: 5 }).map((all) => all.join("."));

  await fc.assert(
    fc.asyncProperty(
      token.filter((text) => text !== parts.join(".")),
      async (text) => {
        expect((await world.me(text)).status).toBe(401);
      },
    ),
    { numRuns: 300 },
  );
});

/** Percent-encodes any text, also with lone surrogates. */
const encode = (text: string) => encodeURIComponent(text.toWellFormed());
