import { describe, expect, it } from "vitest";
import type { ProviderKind } from "../../src/identity-providers/provider.ts";
import { identityAt, type Json, logged, Upstream } from "../support/upstream.ts";

const EMAIL = "jane@example.com";

describe("an email address is verified", () => {
  it.each<[ProviderKind, Json, boolean]>([
    ["google", { email_verified: true }, true],
    ["oidc", { email_verified: true }, true],
    ["apple", { email_verified: true }, true],
    ["apple", { email_verified: "true" }, true],
    ["microsoft", { xms_edov: true }, true],
    ["microsoft", { xms_edov: 1 }, true],
    ["microsoft", { xms_edov: "1" }, true],
    ["apple", { email_verified: "false" }, false],
    ["microsoft", { email_verified: true }, false],
    ["microsoft", { xms_edov: false, email_verified: true }, false],
    ["microsoft", { xms_edov: "0" }, false],
    ["microsoft", { xms_edov: [true] }, false],
    ...(["google", "oidc"] as const).flatMap((kind) =>
      [false, undefined, null, "true", "false", 1, [true], ["true"], {}, "1", "yes"].map(
        (email_verified): [ProviderKind, Json, boolean] => [kind, { email_verified, xms_edov: true }, false],
      ),
    ),
  ])("at %s, with %j: %s", async (kind, claims, emailVerified) => {
    const upstream = await new Upstream({ kind }).serve({ email: EMAIL, ...claims });

    expect(await identityAt(upstream)).toMatchObject({ email: EMAIL, emailVerified });
  });

  it.each<[string, unknown, string | null]>([
    ["in the form that is stored", "Jane@EXAMPLE.com", EMAIL],
    ["with a domain in its own script", "jane@bücher.example", "jane@xn--bcher-kva.example"],
    ["not as a list", [EMAIL], null],
    ["not with a display name", `Jane <${EMAIL}>`, null],
    ["not with a local part that would become another", "ｊane@example.com", null],
    ["not with an invisible character", "ja\u200bne@example.com", null],
    ["not if it is none", "jane", null],
    ["not if it is absent", undefined, null],
  ])("%s", async (_, email, expected) => {
    const upstream = await new Upstream({ kind: "google" }).serve({ email, email_verified: true });

    expect(await identityAt(upstream)).toMatchObject({ email: expected, emailVerified: expected !== null });
  });
});

describe("names and language are taken over", () => {
  it.each<[string, Json, Json]>([
    [
      "from the standard claims",
      { given_name: " Jane", family_name: "Doe", name: "J", locale: "de_CH" },
      { firstName: "Jane", lastName: "Doe", locale: "de-CH" },
    ],
    ["from the full name", { name: "Jane Mary Doe" }, { firstName: "Jane Mary", lastName: "Doe", locale: null }],
    ["from a single name", { name: "Jane" }, { firstName: "Jane", lastName: null }],
    [
      "without what a profile refuses",
      { given_name: "a".repeat(101), family_name: "Doe" },
      { firstName: null, lastName: "Doe" },
    ],
    ["without line breaks", { given_name: "Jane\r\nBcc: x", name: "a\0b" }, { firstName: null, lastName: null }],
    ["without lone surrogates", { given_name: "\ud800", locale: "\ud800" }, { firstName: null, locale: null }],
    [
      "without other types",
      { given_name: ["Jane"], family_name: 1, name: {}, locale: 1 },
      { firstName: null, lastName: null, locale: null },
    ],
  ])("%s", async (_, claims, expected) => {
    expect(await identityAt(await new Upstream().serve(claims))).toMatchObject(expected);
  });
});

describe("claims at the userinfo endpoint", () => {
  const withUserinfo = async (userinfo: Json, claims: Json = {}) => {
    const upstream = new Upstream();
    upstream.discover({ userinfo_endpoint: `${upstream.issuer}/userinfo` });
    upstream.answer("/userinfo", userinfo);
    return upstream.serve(claims);
  };

  it("are used if the id_token has none", async () => {
    const upstream = await withUserinfo({ sub: "user-1", email: EMAIL, email_verified: true });

    expect(await identityAt(upstream)).toMatchObject({ email: EMAIL, emailVerified: true });
    expect((await upstream.received()).at(-1)?.headers["authorization"]).toBe("Bearer canary-access-token");
  });

  it("are refused if they are of another user", async () => {
    logged();

    expect(await identityAt(await withUserinfo({ sub: "user-2", email: EMAIL }))).toBe("provider_refused");
  });

  it("do not verify an address by a claim of the id_token", async () => {
    const upstream = await withUserinfo({ sub: "user-1", email: EMAIL }, { email_verified: true });

    expect(await identityAt(upstream)).toMatchObject({ email: EMAIL, emailVerified: false });
  });
});

it.each<[string, number | undefined, number | undefined]>([
  ["as the provider says it", -259_200, -259_200],
  ["unknown if the provider does not say it", undefined, undefined],
  ["not later than now, where clocks differ by less than a minute", 30, 0],
])("the time of a sign-in is %s", async (_, said, found) => {
  const upstream = new Upstream();
  const seconds = Math.floor(upstream.at / 1000);
  upstream.at = seconds * 1000;
  await upstream.serve(said === undefined ? {} : { auth_time: seconds + said });

  const authenticatedAt = found === undefined ? undefined : (seconds + found) * 1000;
  expect(await upstream.identify()).toMatchObject({ value: { authenticatedAt } });
});
