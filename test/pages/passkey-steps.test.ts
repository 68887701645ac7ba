import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { fieldOn, later, SECOND } from "../support/app-visitor.ts";
import { addApp } from "../support/authenticator.ts";
import { asserted, signInWith } from "../support/passkeys.ts";
import { people } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { UP } from "../support/security-key.ts";
import { checked, createVisitor } from "../support/visitor.ts";

/** The other factors to which a page has links. */
const otherWays = ({ text }: { text: string }) => [...text.matchAll(/href="[^"]*[?;]use=(\w+)/g)].map(([, use]) => use);

const SIGN_IN = "/sign-in/passkey";
const IDENTITY = "/account/confirm-identity";

/** A visitor with a passkey of Jane, who is not signed in. */
async function withKey() {
  const { world, post, own } = await people.jane.withPasskey();
  const answered = async (deviation = {}) => JSON.stringify(await signInWith(post, own, deviation));
  return { world, post, own, visitor: createVisitor(world), answered };
}

describe("the button of the sign-in page", () => {
  it("is hidden until the script shows it, and the field for the identifier offers passkeys", async () => {
    const { visitor } = await withKey();
    const page = await visitor.get("/sign-in?return_to=/account/activity");

    expect(fieldOn(page, "identifier")).toContain('autocomplete="username webauthn"');
    expect(page.text).toMatch(
      /<form method="post" action="\/sign-in\/passkey" hidden[^>]*data-passkey="\/auth\/passkeys\/options"/,
    );
    expect(page.text.match(/name="return_to" value="\/account\/activity"/g)).toHaveLength(2);
  });

  it("signs in with two factors, and leads on as a password does", async () => {
    const { visitor, answered } = await withKey();
    const return_to = "https://app.test/notes";
    expect((await visitor.post(SIGN_IN, { credential: await answered() })).location).toBe(checked());
    const { location } = await visitor.post(SIGN_IN, { credential: await answered(), return_to });

    expect(location).toBe(return_to);
    expect(decodeJwt(visitor.cookies.get("__Host-access_token")!)["acr"]).toBe("aal2");
    const { text } = await visitor.get("/account");
    expect(text).toContain("<h1>Your account</h1>");
  });

  it.each([
    ["a user who was not verified", 401, { flags: UP }],
    ["a wrong signature", 401, { signature: (same: Buffer) => Buffer.from(same).fill(0, 8, 12) }],
  ])("says in words why it refuses %s, and keeps the return address", async (_, status, deviation) => {
    const { visitor, answered } = await withKey();
    const sessions = await rowCount("sessions");
    const page = await visitor.post(SIGN_IN, { credential: await answered(deviation), return_to: "/account/activity" });

    expect([page.status, await rowCount("sessions")]).toEqual([status, sessions]);
    expect(page.text).toContain("This passkey was not accepted. Try again, or choose another way.");
    expect(page.text).not.toContain('aria-invalid="true"');
    expect(page.text.match(/name="return_to" value="\/account\/activity"/g)).toHaveLength(2);
  });

  it.each([
    ["nothing", ""],
    ["half of an object", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["an object without a response", '{"id":"x"}'],
    ["15,000 letters", "x".repeat(15_000)],
  ])("refuses a field that holds %s, and writes nothing", async (_, credential) => {
    const { visitor } = await withKey();
    const before = [await rowCount("sessions"), await rowCount("audit_events")];
    const page = await visitor.post(SIGN_IN, { credential });

    expect([page.status, page.text.includes('role="alert"')]).toEqual([422, true]);
    expect([await rowCount("sessions"), await rowCount("audit_events")]).toEqual(before);
  });

  it("accepts a response once, and no form of another site", async () => {
    const { world, visitor, answered } = await withKey();
    const credential = await answered();
    const foreign = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
    expect((await visitor.post(SIGN_IN, { credential }, foreign)).status).toBe(403);
    expect((await visitor.post(SIGN_IN, { credential })).status).toBe(303);
    expect((await visitor.post(SIGN_IN, { credential })).status).toBe(401);
    expect((await createVisitor(world).get(`${SIGN_IN}?return_to=/account`)).location).toBe(
      "/sign-in?return_to=%2Faccount",
    );
  });
});

/** A visitor after the password of an account with a passkey. */
async function halfSignedIn() {
  const own = await withKey();
  const first = await own.visitor.signIn();
  /** Answers the options that the script of this page would ask for. */
  async function proof(page: string, deviation = {}) {
    const { json, status } = await own.visitor.post(`${page}/options`, {});
    return {
      status,
      credential: JSON.stringify(await asserted(own.own.passkey, json, own.own.user_handle, deviation)),
    };
  }
  return { ...own, first, proof };
}

describe("a second step with a passkey", () => {
  it("asks for it alone, with a link to a page for a recovery code, and leads into the account", async () => {
    const { visitor, first, proof } = await halfSignedIn();
    expect(first.location?.split("?")[0]).toBe(SECOND);
    const page = await visitor.get(`${SECOND}?return_to=/account/activity`);
    expect([fieldOn(page), otherWays(page)]).toEqual([undefined, ["recovery_code"]]);
    expect(page.text).toContain("<h1>Confirm it&#39;s you</h1>");
    expect(page.text).toContain('name="return_to" value="/account/activity"');
    const other = await visitor.get(`${SECOND}?use=recovery_code&return_to=/account/activity`);
    expect([other.text.includes("10 letters and digits."), otherWays(other)]).toEqual([true, ["passkey"]]);
    const wrong = await visitor.post(SECOND, { code: "00000-00000", use: "recovery_code" });
    expect([wrong.status, otherWays(wrong)]).toEqual([400, ["passkey"]]);

    const { credential } = await proof(SECOND, { flags: UP });
    const { location } = await visitor.post(SECOND, { credential, return_to: "/account/activity" });
    expect(location).toBe("/account/activity");
    expect(decodeJwt(visitor.cookies.get("__Host-access_token")!)).toMatchObject({ acr: "aal2" });
    expect(visitor.cookies.has("__Host-login_token")).toBe(false);
  });

  it("comes before a code of the app, which is behind a link", async () => {
    const { visitor, post, own } = await withKey();
    await addApp(post, own.access_token);
    await visitor.signIn();
    const page = await visitor.get(SECOND);

    expect([fieldOn(page), otherWays(page)]).toEqual([undefined, ["totp", "recovery_code"]]);
    const code = await visitor.get(`${SECOND}?use=totp`);
    expect([code.text.includes("Code from the app"), otherWays(code)]).toEqual([true, ["passkey", "recovery_code"]]);
    // A factor that the account does not have.
    expect(otherWays(await visitor.get(`${SECOND}?use=x`))).toEqual(["totp", "recovery_code"]);
  });

  it("has no other way if there are no codes, and says what it needs without the script", async () => {
    const { visitor } = await withKey();
    await env.DB.exec("delete from recovery_codes");
    await visitor.signIn();
    const { text } = await visitor.get(SECOND);

    expect(text).toMatch(/<noscript><p>To use a passkey, you need/);
    expect([text.includes('name="code"'), text.includes("?use=")]).toEqual([false, false]);
  });

  it("says in words why it refuses a passkey, and takes another try", async () => {
    const { visitor, proof } = await halfSignedIn();
    const options = (await proof(SECOND)).credential;
    const wrong = JSON.parse(options);
    wrong.response.signature = wrong.response.signature.replace(/^.{8}/, "AAAAAAAA");
    const page = await visitor.post(SECOND, { credential: JSON.stringify(wrong) });

    expect([page.status, page.text.includes("This passkey was not accepted.")]).toEqual([400, true]);
    expect(page.text).not.toContain('aria-invalid="true"');
    expect((await visitor.post(SECOND, { credential: options, code: "123456" })).status).toBe(422);
    expect((await visitor.post(SECOND, {})).status).toBe(422);
    expect((await visitor.post(SECOND, { credential: options })).status).toBe(303);
  });

  it("has options for the browser that took the first step, and for no other page", async () => {
    const { visitor, world, proof } = await halfSignedIn();
    const foreign = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
    expect((await visitor.post(`${SECOND}/options`, {}, foreign)).status).toBe(403);
    expect((await createVisitor(world).post(`${SECOND}/options`, {})).status).toBe(401);
    expect((await proof(SECOND)).status).toBe(200);
    expect((await visitor.post(`${IDENTITY}/options?user=x`, {})).status).toBe(303);
  });
});

describe("a step-up with a passkey", () => {
  it("proves the user, and leads back to the page that needs it", async () => {
    const { visitor, proof } = await halfSignedIn();
    await visitor.post(SECOND, { credential: (await proof(SECOND)).credential });
    later(6);
    const asked = await visitor.get("/account/recovery-codes/new");
    expect(asked.location).toBe(`${IDENTITY}?return_to=%2Faccount%2Frecovery-codes%2Fnew`);
    const page = await visitor.get(asked.location!);
    expect(page.text).toContain('name="return_to" value="/account/recovery-codes/new"');
    expect([fieldOn(page), otherWays(page)]).toEqual([undefined, ["recovery_code"]]);
    expect(page.text).toMatch(/href="\/account">Cancel</);

    const { credential } = await proof(IDENTITY);
    const fields = { return_to: "/account/recovery-codes/new", factors: "passkey,recovery_code" };
    const refused = await visitor.post(IDENTITY, {
      ...fields,
      credential: credential.replace('"signature":"', "$&AAAA"),
    });
    expect([refused.status, refused.text.includes("This passkey was not accepted.")]).toEqual([400, true]);
    expect(otherWays(refused)).toEqual(["recovery_code"]);
    const { location } = await visitor.post(IDENTITY, { ...fields, credential });
    expect(location).toBe("/account/recovery-codes/new");
    expect((await visitor.get(location!)).status).toBe(200);
  });

  it("comes back to the removal of the same passkey, and its Cancel to the list", async () => {
    const { visitor, proof } = await halfSignedIn();
    await visitor.post(SECOND, { credential: (await proof(SECOND)).credential });
    const { text } = await visitor.get("/account/passkeys");
    const path = /\/account\/passkeys\/remove\?id=[\w-]+/.exec(text)?.[0] ?? "";
    later(6);
    const { location } = await visitor.get(path);
    expect(location).toBe(`${IDENTITY}?${new URLSearchParams({ return_to: path })}`);
    const late = await visitor.post("/account/passkeys/remove", { id: path.split("=")[1] ?? "", name: "x" });
    expect(late.location).toBe(location);
    expect((await visitor.get(location!)).text).toContain('href="/account/passkeys">Cancel<');

    const { credential } = await proof(IDENTITY);
    expect((await visitor.post(IDENTITY, { credential, return_to: path })).location).toBe(path);
    expect((await visitor.get(path)).text).toContain("will no longer sign you in");
  });

  it("needs no codes", async () => {
    const { visitor, proof } = await halfSignedIn();
    await visitor.post(SECOND, { credential: (await proof(SECOND)).credential });
    await env.DB.exec("delete from recovery_codes");
    const { text } = await visitor.get(`${IDENTITY}?return_to=/account/recovery-codes/new`);

    expect([text.includes('name="code"'), /<noscript>/.test(text), text.includes("data-passkey")]).toEqual([
      false,
      true,
      true,
    ]);
    const { credential } = await proof(IDENTITY);
    expect((await visitor.post(IDENTITY, { credential, factors: "passkey" })).location).toBe("/account");
  });
});
