import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createHashing } from "../src/passwords/hashing.ts";
import { normalizePassword } from "../src/passwords/normalization.ts";
import { isBlank, toName } from "../src/schemas/typed.ts";
import { NO_SESSION_LIMIT } from "./support/bindings.ts";
import { routesWithBody } from "./support/openapi.ts";
import { bodyOf } from "./support/routes.ts";
import { createWorldWithJane, PASSWORD } from "./support/world.ts";

const { NAUGHTY_STRINGS } = env as Env & { NAUGHTY_STRINGS: string[] | null };
const strings = NAUGHTY_STRINGS ?? [""];

/** The strings as they are, joined, cut, in upper case, or inside an address. */
const naughty = fc.oneof(
  fc.constantFrom(...strings),
  fc.tuple(fc.constantFrom(...strings), fc.constantFrom(...strings)).map((both) => both.join("")),
  fc.tuple(fc.constantFrom(...strings), fc.nat(20)).map(([text, length]) => text.slice(0, length)),
  fc.constantFrom(...strings).map((text) => text.toUpperCase()),
  fc.constantFrom(...strings).map((text) => `jane${text}@example.com`),
);

let errors: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  errors = vi.spyOn(console, "error").mockImplementation(() => {});
});

describe.skipIf(!NAUGHTY_STRINGS)("naughty strings (skipped without ../shared/vectors)", () => {
  it.each(routesWithBody)("never cause a 5xx in any field of %s", async (route) => {
    const [method = "", template = ""] = route.split(" ");
    const { world, login } = await createWorldWithJane();
    const token = (await login()).access_token;
    const good = bodyOf(route);
    const texts = Object.entries(good).filter(([, value]) => typeof value === "string");
    const field = fc.constantFrom(...texts.map(([name]) => name));
    const path = template.replace("{token}", "x");

    await fc.assert(
      fc.asyncProperty(field, naughty, async (name, text) => {
        const body = { ...good, [name]: text };
        expect((await world.call(method, path, { token, body })).status).toBeLessThan(500);
      }),
      { numRuns: 40 },
    );
    expect(errors).not.toHaveBeenCalled();
  });

  it("never cause a 5xx in a header, a query or a path", async () => {
    const { world } = await createWorldWithJane();
    const isHeader = (text: string) => /^[\x20-\x7e]*$/.test(text);

    for (const text of strings) {
      const value = isHeader(text) ? text : encodeURIComponent(text);
      const headers = { authorization: value, cookie: value, "cf-connecting-ip": value, "accept-language": value };
      for (const path of [`/users/me?x=${encodeURIComponent(text)}`, `/${encodeURIComponent(text)}`]) {
        expect((await world.get(path, headers)).status).toBeLessThan(500);
      }
    }
    expect(errors).not.toHaveBeenCalled();
  });

  it("are returned as names and description, cleaned of nothing that people see", async () => {
    const { world, login } = await createWorldWithJane(NO_SESSION_LIMIT);
    const token = (await login()).access_token;
    const accepted = { first_name: 0, last_name: 0, short_description: 0 };
    const fields = Object.keys(accepted) as (keyof typeof accepted)[];

    for (const text of strings) {
      const stored: Record<string, string | null> = {};
      for (const field of fields) {
        const { status } = await world.call("PATCH", "/users/me", { token, body: { [field]: text } });
        expect([200, 400, 422]).toContain(status);
        if (status !== 200) continue;
        stored[field] = isBlank(text) ? null : field === "short_description" ? text.trim() : toName(text);
        accepted[field]++;
      }
      expect((await world.me(token)).json).toMatchObject(stored);
    }
    for (const field of fields) expect(accepted[field], field).toBeGreaterThan(400);
  });

  it("are accepted as passwords in which every character counts", async () => {
    const { world } = await createWorldWithJane();
    const long = strings.filter((text) => [...text].length >= 8);
    const picked = fc.sample(fc.constantFrom(...long), { numRuns: 20 });

    for (const [n, password] of picked.entries()) {
      const email = `naughty-${n}@example.com`;
      const registered = await world.post("/auth/register", { email, password });
      expect([201, 400, 422]).toContain(registered.status);
      if (registered.status !== 201) continue;
      const login = async (given: string) => (await world.post("/auth/login", { email, password: given })).status;
      expect([
        await login(password),
        await login(`${password} `),
        await login([...password].slice(0, -1).join("")),
      ]).toEqual([200, 401, 401]);
    }
  });
});

it("hashing verifies every password that it hashed and no other", async () => {
  const toHash = (text: string) => normalizePassword(text.toWellFormed());
  const { hash, verify } = createHashing({ ln: 4, r: 1, p: 1 }, "node");

  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), fc.string({ unit: "binary" }), async (one, other) => {
      const hashed = await hash(one);
      const stored = hashed.ok ? hashed.value : PASSWORD;
      expect(await verify(one, stored)).toEqual({ ok: true, value: "yes" });
      // UTF-8 maps every lone surrogate to one character. No request can hold one.
      expect(await verify(other, stored)).toEqual({ ok: true, value: toHash(one) === toHash(other) ? "yes" : "no" });
    }),
    { numRuns: 50 },
  );
});
