import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import {
  allow,
  authorizePath,
  CALLBACK,
  codeFor,
  consentFieldsOf,
  createSignedIn,
  refreshTo,
  register,
  request,
} from "../support/oauth.ts";
import { PASSWORD } from "../support/passwords.ts";
import { disableUsers, unverifyAddresses, verifyAddresses } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, dumpRows, ISSUER, stopClock } from "../support/world.ts";

type Visitor = ReturnType<typeof createVisitor>;
type Answer = Awaited<ReturnType<Visitor["get"]>>;

const CONFIRM = "/account/confirm-identity";
const FROM_CLIENT = { "sec-fetch-site": "cross-site" };
const HOUR = 3_600_000;

/** What follows a request, in a word. */
function outcomeOf({ status, location, headers, text }: Answer): string {
  const url = new URL(location ?? refreshTo(headers) ?? "/", ISSUER);
  if (url.href.startsWith(CALLBACK))
    return url.searchParams.get("error") ?? (url.searchParams.has("code") ? "code" : "");
  if (status === 200) return text.includes('action="/oauth/consent"') ? "consent" : "page";
  return url.pathname;
}

/** Jane's browser and client, which she has allowed, and how to ask as that client. */
async function allowed(settings: Partial<Env> = {}, input: Parameters<typeof register>[1] = {}) {
  const start = Date.now();
  stopClock(start);
  const { world, visitor, jane, login } = await createSignedIn(settings);
  const registered = await register(world, input);
  if (!input.first_party) await codeFor(visitor, registered);
  const ask = async (more: Record<string, string>, base = visitor, headers = FROM_CLIENT) => {
    const { params, verifier } = await request(registered.client, more);
    return { params, verifier, answer: await base.get(authorizePath(params), headers) };
  };
  const outcome = async (more: Record<string, string>, base?: Visitor) => outcomeOf((await ask(more, base)).answer);
  return { start, world, visitor, jane, login, registered, ask, outcome };
}

describe("prompt and max_age", () => {
  it("decide what a user sees, signed in or not, now or two hours later", async () => {
    const { start, world, outcome } = await allowed();
    const rows: [Record<string, string>, string, string, string][] = [
      [{}, "/sign-in", "code", "code"],
      [{ prompt: "none" }, "login_required", "code", "code"],
      [{ prompt: "login" }, "/sign-in", CONFIRM, CONFIRM],
      [{ prompt: "consent" }, "/sign-in", "consent", "consent"],
      [{ prompt: "login consent" }, "/sign-in", CONFIRM, CONFIRM],
      [{ prompt: "select_account" }, "/sign-in", "consent", "consent"],
      [{ prompt: "create" }, "/sign-up", "consent", "consent"],
      [{ max_age: "0" }, "/sign-in", CONFIRM, CONFIRM],
      [{ max_age: "0", prompt: "none" }, "login_required", "login_required", "login_required"],
      [{ max_age: "3600" }, "/sign-in", "code", CONFIRM],
      [{ max_age: "3600", prompt: "none" }, "login_required", "code", "login_required"],
      [{ acr_values: "aal2 aal1" }, "/sign-in", "code", "code"],
      [{ scope: "openid phone" }, "/sign-in", "consent", "consent"],
      [{ scope: "openid phone", prompt: "none" }, "login_required", "consent_required", "consent_required"],
    ];
    for (const [more, out, fresh, old] of rows) {
      stopClock(start);
      const seen = [await outcome(more, createVisitor(world)), await outcome(more)];
      stopClock(start + 2 * HOUR);
      expect([more, ...seen, await outcome(more)]).toEqual([more, out, fresh, old]);
    }
  });

  it("never ask for consent to a client of the operator, except where another app could get the code", async () => {
    const { outcome } = await allowed({}, { first_party: true, redirect_uris: [CALLBACK, "http://127.0.0.1/cb"] });
    for (const [more, wanted] of [
      [{}, "code"],
      [{ prompt: "none" }, "code"],
      [{ prompt: "consent" }, "code"],
      [{ prompt: "select_account" }, "consent"],
      [{ redirect_uri: "http://127.0.0.1:4000/cb" }, "consent"],
    ] as const) {
      expect([more, await outcome(more)]).toEqual([more, wanted]);
    }
  });

  it("cannot be satisfied by a parameter that the service did not sign for this request", async () => {
    const { start, visitor, ask, outcome } = await allowed();
    const { answer } = await ask({ prompt: "login" });
    const signed = new URL(new URL(answer.location!, ISSUER).searchParams.get("return_to")!, ISSUER).searchParams;
    const proof = signed.get("proven_after")!;
    for (const proven_after of ["0", `${Math.floor(start / 1000)}`, proof, proof.replace(/^./, "x")])
      expect(await outcome({ prompt: "login", proven_after })).toBe(CONFIRM);
    // For its own request it needs a proof from after it, and counts for an hour.
    const own = authorizePath(signed);
    stopClock(start + 2000);
    expect(outcomeOf(await visitor.get(own))).toBe("code");
    stopClock(start + HOUR);
    expect(outcomeOf(await visitor.get(own))).toBe(CONFIRM);
  });

  it("hold for the form of the consent page too", async () => {
    const { start, visitor, ask } = await allowed();
    const shown = await ask({ prompt: "consent", max_age: "3600" });
    const { form_id, request: asked, user } = consentFieldsOf(shown.answer.text);
    const form = { form_id: form_id!, user: user!, answer: "allow" };
    const before = await dumpRows();
    stopClock(start + 2 * HOUR);
    for (const text of [asked!, asked!.replace("prompt=consent", "prompt=login")]) {
      const { location } = await visitor.post("/oauth/consent", { ...form, request: text });
      expect(outcomeOf(await visitor.get(location!))).toBe(CONFIRM);
    }
    expect(await dumpRows()).toEqual(before);
    stopClock(start);
    expect(outcomeOf(await visitor.post("/oauth/consent", { ...form, request: asked! }))).toBe("code");
    const { location } = await visitor.post("/oauth/consent", { ...form, request: asked!, answer: "deny" });
    expect(location).toBeNull();
  });

  it("lead through the confirmation to a code that says when and how the user proved it", async () => {
    const { start, world, visitor, registered, ask } = await allowed();
    const { verifier, answer } = await ask({ prompt: "login" });
    stopClock(start + HOUR / 6);
    expect((await visitor.get(answer.location!, FROM_CLIENT)).text).toContain('name="password"');
    const return_to = new URL(answer.location!, ISSUER).searchParams.get("return_to")!;
    const wrong = await visitor.post(CONFIRM, { password: "wrong-horse-7", return_to, factors: "" });
    expect(wrong.status).toBe(401);
    const right = await visitor.post(CONFIRM, { password: PASSWORD, return_to, factors: "" });
    const back = await visitor.get(right.location!, { "sec-fetch-site": "same-origin" });
    const { searchParams } = new URL(refreshTo(back.headers)!);
    const { json } = await world.form("/oauth/token", {
      client_id: registered.client.client_id,
      client_secret: registered.secret!,
      grant_type: "authorization_code",
      code: searchParams.get("code")!,
      code_verifier: verifier,
    });
    const auth_time = Math.floor((start + HOUR / 6) / 1000);
    expect(decodeJwt(json.id_token)).toMatchObject({ auth_time, nonce: "nonce-1", acr: "aal1", amr: ["pwd"] });
    expect(decodeJwt(json.access_token)).toMatchObject({ auth_time, acr: "aal1" });
  });
});

describe("acr_values", () => {
  it("ask for the second factor that the account has, once", async () => {
    const { start, world, visitor, login, ask, outcome } = await allowed();
    const app = await addApp(postTo(world), (await login()).access_token);
    // The change of factors has ended the session.
    expect(await outcome({})).toBe("/sign-in");
    stopClock(start + 60_000);
    await visitor.signIn();
    await visitor.post("/sign-in/second-factor", { code: appCode(app.secret, 1) });
    await env.DB.exec(`update sessions set amr = '["pwd"]'`);

    expect(await outcome({ acr_values: "aal1" })).toBe("code");
    expect(await outcome({ acr_values: "aal2", prompt: "none" })).toBe("login_required");
    const { answer } = await ask({ acr_values: "urn:mace:incommon:iap:silver aal2" });
    expect(outcomeOf(answer)).toBe(CONFIRM);
    const return_to = new URL(answer.location!, ISSUER).searchParams.get("return_to")!;
    stopClock(start + 120_000);
    const proven = await visitor.post(CONFIRM, { code: appCode(app.secret), return_to });
    expect([proven.location, outcomeOf(await visitor.get(proven.location!))]).toEqual([return_to, "code"]);
    expect(await outcome({ acr_values: "aal2", prompt: "none" })).toBe("code");
  });
});

describe("a browser gets no code", () => {
  it("for an account that is disabled or must have a verified address, and is not sent in circles", async () => {
    const { world, visitor, registered, ask } = await allowed();
    const strict = createWorld({ REQUIRE_VERIFICATION: "true" });
    const { params } = await request(registered.client);
    const other = createVisitor(strict);
    other.cookies.set("__Host-refresh_token", visitor.cookies.get("__Host-refresh_token")!);
    for (const prepare of [unverifyAddresses, disableUsers]) {
      await verifyAddresses();
      await prepare();
      const base = prepare === disableUsers ? visitor : other;
      let path = authorizePath(params);
      const seen: string[] = [];
      for (let hops = 0; hops < 5; hops++) {
        const { location } = await base.get(path);
        if (!location) break;
        path = location;
        seen.push(new URL(path, ISSUER).pathname);
      }
      expect(seen).toEqual(["/sign-in", "/session/renew", "/sign-in"]);
      expect(new URL(path, ISSUER).searchParams.get("return_to")).toContain("/oauth/authorize?");
    }
    expect(outcomeOf((await ask({ prompt: "none" }, createVisitor(world))).answer)).toBe("login_required");
  });
});

describe("login_hint and ui_locales", () => {
  it("fill the form of the sign-in and choose its language, unless the user chooses another", async () => {
    const { world, ask } = await allowed();
    const visitor = createVisitor(world);
    const hint = { login_hint: `jane"><script>@example.com`, ui_locales: "xx-YY fr-CA de" };
    const { answer, params } = await ask(hint, visitor);
    const page = await visitor.get(answer.location!, FROM_CLIENT);
    expect(page.text).toContain('value="jane&quot;&gt;&lt;script&gt;@example.com"');
    expect(page.text).toContain('<html lang="fr"');

    await visitor.post("/language", { language: "es", return_to: authorizePath(params) });
    await visitor.signIn();
    params.set("prompt", "consent");
    const own = await visitor.get(authorizePath(params), { "sec-fetch-site": "same-origin" });
    expect(own.text).toContain('<html lang="es"');
    const long = await ask({ login_hint: "x".repeat(2000), ui_locales: "\0" }, createVisitor(world));
    expect(outcomeOf(long.answer)).toBe("invalid_request");
  });
});

describe("with COOKIE_SAMESITE", () => {
  it("Strict, a request from another site comes again by a page of ours, with the cookies", async () => {
    const { world, visitor, ask } = await allowed({ COOKIE_SAMESITE: "Strict" }, { first_party: true });
    // A browser sends its strict cookies only with the second request.
    const { answer, params } = await ask({ ui_locales: "de" }, createVisitor(world));
    expect([answer.status, answer.location, refreshTo(answer.headers)]).toEqual([200, null, authorizePath(params)]);
    expect(answer.text).toContain('<html lang="de"');
    const again = await visitor.get(refreshTo(answer.headers)!, { "sec-fetch-site": "same-origin" });
    expect(outcomeOf(again)).toBe("code");
  });

  it("None, a request from another site gets its code at once", async () => {
    const { outcome } = await allowed({ COOKIE_SAMESITE: "None" });
    expect(await outcome({})).toBe("code");
  });
});

it("a consent that the user refuses goes back with access_denied, and is not remembered", async () => {
  const { world, visitor } = await createSignedIn();
  const { client } = await register(world);
  const { params } = await request(client);
  const page = await visitor.get(authorizePath(params));
  const before = await dumpRows();
  const { searchParams } = new URL(await allow(visitor, page.text, "deny"));
  expect([searchParams.get("error"), searchParams.get("state"), searchParams.get("iss")]).toEqual([
    "access_denied",
    "state-1",
    ISSUER,
  ]);
  expect(await dumpRows()).toEqual(before);
});
