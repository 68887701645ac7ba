import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { drawKey } from "../support/signing-keys.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, ISSUER } from "../support/world.ts";

const ADDRESSES = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

describe("the metadata", () => {
  it.each(ADDRESSES)("at %s describes the tokens, for any origin, cacheable", async (address) => {
    const { world, login } = await createWorldWithJane();
    const { status, json, headers } = await world.get(address, { origin: "https://anywhere.test" });

    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(json).toMatchObject({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      service_documentation: `${ISSUER}/docs`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
      claims_supported: expect.any(Array),
    });
    const claims = Object.keys(decodeJwt((await login()).access_token));
    expect(json.claims_supported).toEqual(expect.arrayContaining(claims));
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  it("names only addresses that exist", async () => {
    const world = createWorld();
    const values = Object.values((await world.get(ADDRESSES[0]!)).json as Record<string, unknown>);
    const addresses = values.filter((value) => String(value).startsWith(`${ISSUER}/`)) as string[];

    expect(addresses.length).toBeGreaterThan(8);
    for (const address of addresses) expect((await world.get(new URL(address).pathname)).status).not.toBe(404);
  });

  it("lists the algorithm of each key once, also of keys that only verify or sign later", async () => {
    const keys = [await drawKey("ES256"), await drawKey("EdDSA"), { ...(await drawKey("ES256")), nbf: 4e9 }];
    const world = createWorld({ JWT_SIGNING_KEYS: JSON.stringify({ keys }) });

    const { json } = await world.get(ADDRESSES[0]!);
    expect(json.id_token_signing_alg_values_supported).toEqual(["ES256", "EdDSA"]);
  });
});

describe("the address for changing passwords", () => {
  it("leads a signed-in browser to the form, and another one there after its sign-in", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const { status, location } = await visitor.get("/.well-known/change-password");
    expect([status, location]).toEqual([303, "/account/password"]);

    expect((await visitor.get("/account/password")).location).toBe("/sign-in?return_to=%2Faccount%2Fpassword");
    await visitor.signIn();
    expect((await visitor.get("/account/password")).text).toContain('name="new_password"');
  });

  // A password manager asks for it to learn whether the service answers 200 for everything.
  it.each(["*/*", "text/html"])("is believed: a resource that cannot exist is not found (%s)", async (accept) => {
    const path = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";

    expect((await createWorld().get(path, { accept })).status).toBe(404);
  });
});
