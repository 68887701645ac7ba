import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { GOOD } from "./support/good-bodies.ts";
import { documentedRoutes, routesWithBody, routesWithOptionalBody } from "./support/openapi.ts";
import { type Answer, createWorld, createWorldWithJane, dumpRows, JSON_TYPE } from "./support/world.ts";

// The routes share one parser, so together they try it hundreds of times over.
fc.configureGlobal({ numRuns: 15 });

const split = (route: string) => route.split(" ") as [string, string];

/** What no field takes: of a wrong type, unstorable, or far too long. */
const wrongValue = fc.oneof(
  fc.constantFrom<unknown>([], {}, ["john@example.com"], { $ne: null }, true, 0, -1, 1.5, 1e308, "", "\0", "\ud800"),
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

/** A JSON object with this name whatever it is; `JSON.stringify` would lose `__proto__`. */
const withName = (body: object, name: string, value: unknown) =>
  `${JSON.stringify(body).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;

async function expectRefused(send: () => Promise<Answer>, statuses = [400, 413, 415, 422]) {
  const before = await dumpRows();
  const { status, json } = await send();

  expect(statuses).toContain(status);
  expect(json.code).toMatch(/^[a-z_]+$/);
  expect(await dumpRows()).toEqual(before);
}

it("knows a good body for each route that takes one", () => {
  expect(routesWithBody.sort()).toEqual(Object.keys(GOOD).sort());
});

describe.each(routesWithBody)("%s refuses, and changes nothing for,", (route) => {
  const [method, path] = split(route);
  const good = GOOD[route] ?? {};
  const isOptional = routesWithOptionalBody.includes(route);
  let token: string;

  beforeEach(async () => {
    const { login } = await createWorldWithJane();
    token = (await login()).access_token;
  });

  const raw = async (body: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
    createWorld().send(path, { method, headers: { authorization: `Bearer ${token}`, ...headers }, body });

  it("any JSON that is not its object", async () => {
    const isEmpty = (value: unknown) => JSON.stringify(value) === "{}";
    const wrong = fc.jsonValue({ maxDepth: 4 }).filter((value) => !(isOptional && isEmpty(value)));

    await fc.assert(fc.asyncProperty(wrong, (value) => expectRefused(() => raw(JSON.stringify(value)))));
  });

  it("a wrong value in any field", async () => {
    const field = fc.constantFrom(...Object.keys(good));

    await fc.assert(
      fc.asyncProperty(field, wrongValue, (name, value) =>
        expectRefused(() => raw(JSON.stringify({ ...good, [name]: value }))),
      ),
    );
  });

  it("a field it does not know, by name", async () => {
    const unknown = oddName.filter(
      (name) => !(Object.hasOwn(good, name) || ["email", "phone", "username"].includes(name)),
    );

    await fc.assert(
      fc.asyncProperty(unknown, fc.jsonValue(), async (name, value) => {
        await expectRefused(async () => {
          const answer = await raw(withName(good, name, value));
          if (answer.status === 422)
            expect(answer.json.errors.map(({ path }: { path: string }) => path)).toContain(name);
          return answer;
        });
      }),
    );
  });

  it("a field twice", async () => {
    const field = fc.constantFrom(...Object.keys(good));

    await fc.assert(
      fc.asyncProperty(field, fc.jsonValue(), (name, value) =>
        expectRefused(() => raw(withName(good, name, value)), [400]),
      ),
    );
  });

  it("any bytes", async () => {
    const bytes = fc.uint8Array({ minLength: isOptional ? 1 : 0, maxLength: 200 });

    await fc.assert(fc.asyncProperty(bytes, (body) => expectRefused(() => raw(body))));
  });

  it("its own body cut anywhere", async () => {
    const text = JSON.stringify(good);

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: isOptional ? 1 : 0, max: text.length - 1 }), (length) =>
        expectRefused(() => raw(text.slice(0, length)), [400]),
      ),
    );
  });

  it("a megabyte", async () => {
    await expectRefused(() => raw(withName(good, "x", "x".repeat(2 ** 20))), [413]);
  });

  it("any other type", async () => {
    const type = fc.string({ unit: "grapheme-ascii" }).map((text) => text.trim());

    await fc.assert(
      fc.asyncProperty(type, (text) => expectRefused(() => raw(JSON.stringify(good), { "content-type": text }), [415])),
    );
  });
});

it("never fails on a login form, whatever it holds", async () => {
  const { world } = await createWorldWithJane();

  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(oddName, fc.string({ unit: "binary" }))), (fields) => {
      const body = fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return expectRefused(() => world.send("/auth/login", { method: "POST", headers, body }));
    }),
    { numRuns: 100 },
  );
});

it("never fails on a path, a method, a query or a header, whatever they are", async () => {
  const errors = vi.spyOn(console, "error");
  const { world } = await createWorldWithJane();
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

it("never fails on a bearer token, whatever it is", async () => {
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

/** Percent-encoding that takes lone surrogates too. */
const encode = (text: string) => encodeURIComponent(text.toWellFormed());
