import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { fieldOn } from "../support/app-visitor.ts";
import { signInWith } from "../support/passkeys.ts";
import { people } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { UP } from "../support/security-key.ts";
import { checked, createVisitor } from "../support/visitor.ts";

const SIGN_IN = "/sign-in/passkey";

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
    expect((await visitor.get("/account/password")).text).toContain('autocomplete="username" value="janedoe"');
  });

  it.each([
    ["a user who was not verified", 401, { flags: UP }],
    ["a wrong signature", 401, { signature: (same: Buffer) => Buffer.from(same).fill(0, 8, 12) }],
  ])("says in words why it refuses %s, and keeps the return address", async (_, status, deviation) => {
    const { visitor, answered } = await withKey();
    const sessions = await rowCount("sessions");
    const page = await visitor.post(SIGN_IN, { credential: await answered(deviation), return_to: "/account/activity" });

    expect([page.status, await rowCount("sessions")]).toEqual([status, sessions]);
    expect(page.text).toContain("This passkey was not accepted. Try again, or use another way.");
    expect(page.text).not.toContain('aria-invalid="true"');
    expect(page.text.match(/name="return_to" value="\/account\/activity"/g)).toHaveLength(2);
  });

  it.each(["", "{", "[]", "null", '{"id":"x"}', "x".repeat(15_000)])(
    "refuses a field that holds %.12s, and writes nothing",
    async (credential) => {
      const { visitor } = await withKey();
      const before = [await rowCount("sessions"), await rowCount("audit_events")];
      const page = await visitor.post(SIGN_IN, { credential });

      expect([page.status, page.text.includes('role="alert"')]).toEqual([422, true]);
      expect([await rowCount("sessions"), await rowCount("audit_events")]).toEqual(before);
    },
  );

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
