import { exportJWK, generateKeyPair, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { CLIENT_ID, identityAt, type Json, keyPair, logged, Upstream } from "../support/upstream.ts";

const EMAIL = "jane@example.com";
const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const OTHER_TENANT = "11111111-2222-3333-4444-555555555555";
const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

describe("Microsoft", () => {
  /** A provider whose settings name a tenant, whose metadata has this one, and its key's issuer. */
  async function microsoft(
    tenant: string,
    inMetadata: string,
    tokenTenant: string,
    claims: Json = {},
    keyTenant = inMetadata,
  ) {
    const upstream = new Upstream({ kind: "microsoft" });
    const issuer = (name: string) => `${upstream.issuer}/${name}/v2.0`;
    upstream.provider.issuer = issuer(tenant);
    upstream.discover({ issuer: issuer(inMetadata) });
    const path = `/${tenant}/v2.0/.well-known/openid-configuration`;
    upstream.answers[path] = upstream.answers["/.well-known/openid-configuration"]!;
    await upstream.publish({ ...(await keyPair()).jwk, issuer: issuer(keyTenant) });
    return upstream.serve({ iss: issuer(tokenTenant), tid: tokenTenant, ...claims });
  }

  it.each<[string, Parameters<typeof microsoft>, boolean]>([
    ["accepts any tenant at the common endpoint", ["common", "{tenantid}", TENANT], true],
    ["accepts a tenant by its domain", ["contoso.example", TENANT, TENANT], true],
    ["accepts a tenant by its id", [TENANT, TENANT, TENANT], true],
    ["refuses another tenant than the one by domain", ["contoso.example", TENANT, OTHER_TENANT], false],
    ["refuses another tenant than the one by id", [TENANT, TENANT, OTHER_TENANT], false],
    ["refuses metadata of another tenant than the one by id", [TENANT, OTHER_TENANT, OTHER_TENANT], false],
    ["refuses metadata of any tenant for one by id", [TENANT, "{tenantid}", TENANT], false],
    ["refuses a tenant that its claim does not name", ["common", "{tenantid}", TENANT, { tid: OTHER_TENANT }], false],
    ["refuses a token without a tenant", ["common", "{tenantid}", TENANT, { tid: undefined }], false],
    ["refuses the placeholder as a tenant", ["common", "{tenantid}", "{tenantid}"], false],
    ["refuses a name as a tenant", ["common", "{tenantid}", "contoso.example"], false],
    ["accepts personal accounts at the common endpoint", ["common", "{tenantid}", PERSONAL, {}, PERSONAL], true],
    ["refuses personal accounts for organizations", ["organizations", "{tenantid}", PERSONAL], false],
    ["refuses a key of personal accounts for a tenant", ["common", "{tenantid}", TENANT, {}, PERSONAL], false],
  ])("%s", async (_, settings, isIn) => {
    logged();
    const upstream = await microsoft(...settings);
    const result = await identityAt(upstream);

    expect(typeof result === "object").toBe(isIn);
    if (typeof result === "object") expect(result.issuer).toBe(`${upstream.issuer}/${settings[2]}/v2.0`);
  });

  it("is the only provider whose metadata may have another tenant", async () => {
    logged();
    const upstream = await microsoft("common", "{tenantid}", TENANT);
    upstream.provider.kind = "oidc";

    expect(await identityAt(upstream)).toBe("provider_unavailable");
  });

  it("compares the issuer of a callback with any tenant", async () => {
    logged();
    const upstream = await microsoft("common", "{tenantid}", TENANT);
    const iss = (tenant: string) => identityAt(upstream, { code: "code-1", iss: `${upstream.issuer}/${tenant}/v2.0` });

    expect(await iss(TENANT)).toMatchObject({ subject: "user-1" });
    expect([await iss("{tenantid}"), await iss("x")]).toEqual(["provider_refused", "provider_refused"]);
  });
});

describe("Apple", () => {
  it("gets a client secret that its key signed for five minutes", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const credential = { teamId: "TEAM", keyId: "KEY", privateKey: await exportJWK(privateKey) };
    const upstream = await new Upstream({ kind: "apple", credential, callbackMethod: "POST" }).serve();
    await upstream.identify();

    const [request] = (await upstream.received()).filter(({ path }) => path === "/token");
    const form = Object.fromEntries(new URLSearchParams(request?.body));
    const { payload, protectedHeader } = await jwtVerify(form["client_secret"]!, publicKey);
    const iat = Math.floor(upstream.at / 1000);
    expect([form["client_id"], protectedHeader]).toEqual([CLIENT_ID, { alg: "ES256", kid: "KEY" }]);
    expect(payload).toEqual({ iss: "TEAM", sub: CLIENT_ID, aud: upstream.issuer, iat, exp: iat + 300 });
  });

  it.each<[string, string, Json]>([
    [
      "takes names from the form",
      '{"name":{"firstName":"Jane","lastName":"Doe"}}',
      { firstName: "Jane", lastName: "Doe" },
    ],
    ["ignores the address in the form", `{"name":{},"email":"victim@example.com"}`, { firstName: null, email: EMAIL }],
    ["ignores a form that is not JSON", "{", { firstName: null, email: EMAIL }],
    [
      "ignores names that a profile refuses",
      '{"name":{"firstName":"a\\u0000","lastName":["x"]}}',
      { firstName: null, lastName: null },
    ],
  ])("%s", async (_, user, expected) => {
    const upstream = await new Upstream({ kind: "apple" }).serve({ email: EMAIL, email_verified: "true" });

    expect(await identityAt(upstream, { code: "code-1", user })).toMatchObject(expected);
  });

  it("is the only provider whose form has names", async () => {
    const user = '{"name":{"firstName":"Jane"}}';

    expect(await identityAt(await new Upstream().serve(), { code: "code-1", user })).toMatchObject({ firstName: null });
  });
});

describe("GitHub", () => {
  const PRIMARY = { email: "Jane@example.com", primary: true, verified: true, visibility: "private" };

  function github(user: unknown, emails: unknown, emailsStatus = 200) {
    const upstream = new Upstream({ kind: "github" });
    upstream.answer("/login/oauth/access_token", { access_token: "canary-access-token", token_type: "bearer" });
    upstream.answer("/api/v3/user", user);
    upstream.answer("/api/v3/user/emails", emails, emailsStatus);
    return upstream;
  }

  it.each<[string, unknown, Json]>([
    [
      "has a verified primary address",
      [{ ...PRIMARY, primary: false, email: "x@example.com" }, PRIMARY],
      { email: EMAIL, emailVerified: true },
    ],
    [
      "can have a primary address that is not verified",
      [{ ...PRIMARY, verified: false }],
      { email: EMAIL, emailVerified: false },
    ],
    [
      "can have only another address, which is ignored",
      [{ ...PRIMARY, primary: false }],
      { email: null, emailVerified: false },
    ],
  ])("a user of GitHub %s", async (_, emails, expected) => {
    const upstream = github({ id: 583231, login: "jane", name: "Jane Doe", email: "public@example.com" }, emails);

    expect(await identityAt(upstream)).toEqual({
      issuer: upstream.issuer,
      subject: "583231",
      firstName: "Jane",
      lastName: "Doe",
      locale: null,
      ...expected,
    });
    const [token, ...api] = await upstream.received();
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toMatchObject({
      client_id: CLIENT_ID,
      code: "code-1",
    });
    for (const { headers } of api) {
      expect(headers).toMatchObject({ authorization: "Bearer canary-access-token", "user-agent": "Gatehouse" });
    }
  });

  it.each<[string, unknown, unknown]>([
    ["without an id", { login: "jane" }, []],
    ["with an id that is text", { id: "583231" }, []],
    ["with an id that is not exact", { id: 2 ** 53 }, []],
    ["with addresses that are not a list", { id: 1 }, { 0: PRIMARY, length: 1 }],
    ["with an address whose state is text", { id: 1 }, [{ ...PRIMARY, verified: "true" }]],
  ])("an answer %s is malformed", async (_, user, emails) => {
    const lines = logged();

    expect(await identityAt(github(user, emails))).toBe("provider_unavailable");
    expect(lines).toMatchObject([{ step: "profile", reason: "malformed" }]);
  });

  it("names its authorization server in the callback", async () => {
    logged();
    const upstream = github({ id: 1 }, []);
    const iss = (value: string) => identityAt(upstream, { code: "code-1", iss: value });

    expect(await iss(`${upstream.issuer}/login/oauth`)).toMatchObject({ issuer: upstream.issuer, subject: "1" });
    expect([await iss(upstream.issuer), await iss("")]).toEqual(["provider_refused", "provider_refused"]);
  });

  it("without permission to read addresses is unavailable, and the log says why", async () => {
    const lines = logged();

    expect(await identityAt(github({ id: 1 }, { message: "canary" }, 403))).toBe("provider_unavailable");
    expect(lines).toMatchObject([{ step: "profile", reason: "status_403" }]);
  });

  it("an error with status 200 is a refusal", async () => {
    const lines = logged();
    const upstream = github({ id: 1 }, []);
    upstream.answer("/login/oauth/access_token", { error: "bad_verification_code", error_description: "canary" });

    expect(await identityAt(upstream)).toBe("provider_refused");
    expect(lines).toMatchObject([{ step: "token", reason: "bad_verification_code" }]);
  });
});
