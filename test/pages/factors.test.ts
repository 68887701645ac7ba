import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { qrMatrix } from "../../src/pages/qr-matrix.ts";
import { later, SECOND, signedInWithApp } from "../support/app-visitor.ts";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE } from "../support/people.ts";
import { eventTypes } from "../support/rows.ts";
import { createVisitor, OWN } from "../support/visitor.ts";
import { createWorldWithJane, JSON_TYPE } from "../support/world.ts";

const ADD = "/account/authenticator/add";
const CONFIRM = "/account/authenticator/confirm";
const REMOVE = "/account/authenticator/remove";
const CODES = "/account/recovery-codes";
const IDENTITY = "/account/confirm-identity";

type Visitor = ReturnType<typeof createVisitor>;
type Page = Awaited<ReturnType<Visitor["get"]>>;

const secretOn = ({ text }: Page) => /<p class="key"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(" ", "") ?? "";
const codesOn = ({ text }: Page) => [...text.matchAll(/<li>(\w{5}-\w{5})<\/li>/g)].map(([, code]) => code as string);

describe("adding an authenticator app", () => {
  it("takes the password, a code of the shown secret, and then shows recovery codes until they are saved", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const visitor = createVisitor(world);
    await visitor.signIn();
    expect((await visitor.get("/account")).text).toMatch(/Not set up.*href="\/account\/authenticator\/add"/s);
    expect((await visitor.post(ADD, { password: "wrong-horse-7" })).status).toBe(401);
    expect((await visitor.get(CONFIRM)).location).toBe(`${ADD}?notice=expired`);
    expect((await visitor.post(ADD, { password: PASSWORD })).location).toBe(CONFIRM);

    const setup = await visitor.get(CONFIRM);
    const secret = secretOn(setup);
    const uri = `otpauth://totp/auth.test:${encodeURIComponent(JANE.email)}?secret=${secret}&issuer=auth.test`;
    const dark = qrMatrix(uri).flat().filter(Boolean).length;
    expect([secret.length, setup.text.match(/h1v1h-1z/g)?.length]).toEqual([32, dark]);
    expect([...visitor.cookies.values()].join()).not.toContain(secret);

    const wrong = await visitor.post(CONFIRM, { code: wrongAppCode(secret) });
    expect([wrong.status, secretOn(wrong)]).toEqual([400, secret]);
    const { location } = await visitor.post(CONFIRM, { code: appCode(secret) });
    expect(location).toBe(`${CODES}?notice=totpAdded`);

    const shown = await visitor.get(location!);
    const codes = codesOn(shown);
    expect([codes.length, shown.headers.get("cache-control")]).toEqual([10, "no-store"]);
    expect(shown.text).toContain("Authenticator app added.");
    expect((await visitor.post(CODES, {})).location).toBe("/account");
    expect((await visitor.get(CODES)).location).toBe("/account");
    const account = await visitor.get("/account");
    expect(account.text).toMatch(/Added <time.*10 codes left/s);
    expect(account.text).not.toContain("Create new codes before you run out.");
    expect((await visitor.get(ADD)).location).toBe("/account");

    const other = createVisitor(world);
    await other.signIn();
    expect((await other.post(SECOND, { code: codes[3]! })).location).toBe("/account?notice=codeUsed");
  });

  it("shows neither secret nor codes to another user of the browser, nor after the session", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const visitor = createVisitor(world);
    await visitor.signIn();
    await visitor.post(ADD, { password: PASSWORD });
    const secret = secretOn(await visitor.get(CONFIRM));
    const setup = visitor.cookies.get("__Host-totp_setup")!;
    await visitor.post(CONFIRM, { code: appCode(secret) });
    const codes = visitor.cookies.get("__Host-recovery_codes")!;
    // The cookie of one kind does not open as one of the other.
    visitor.cookies.set("__Host-recovery_codes", setup);
    expect((await visitor.get(CODES)).location).toBe("/account");
    await visitor.post("/auth/logout", {}, { ...OWN, ...JSON_TYPE });
    expect([...visitor.cookies.keys()]).toEqual([]);

    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    await visitor.signIn("john@example.com");
    visitor.cookies.set("__Host-totp_setup", setup).set("__Host-recovery_codes", codes);
    expect((await visitor.get(CONFIRM)).location).toBe(`${ADD}?notice=expired`);
    expect((await visitor.get(CODES)).location).toBe("/account");
    visitor.cookies.set("__Host-login_token", "a.b totp");
    await visitor.post("/sign-out", {});
    expect([...visitor.cookies.keys()]).toEqual([]);
  });

  it("starts again after ten minutes, and says why", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    const visitor = createVisitor(world);
    await visitor.signIn();
    await visitor.post(ADD, { password: PASSWORD });
    const secret = secretOn(await visitor.get(CONFIRM));
    later(10);
    // A browser deletes the cookie by then.
    expect((await visitor.get(CONFIRM)).location).toBe(`${ADD}?notice=expired`);

    const { location } = await visitor.post(CONFIRM, { code: appCode(secret) });
    expect(location).toBe(`${ADD}?notice=expired`);
    expect((await visitor.get(location!)).text).toContain("The setup has expired.");
  });
});

it("adding an authenticator app needs the password only if the sign-in is not recent", async () => {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  const visitor = createVisitor(world);
  await visitor.signIn();
  expect((await visitor.get(ADD)).text).not.toContain('id="password"');
  expect((await visitor.post(ADD, {})).location).toBe(CONFIRM);

  later(6);
  expect((await visitor.get(ADD)).text).toContain('id="password"');
  // The form was open for too long.
  const late = await visitor.post(ADD, {});
  expect([late.status, late.text.includes("Enter your password to continue.")]).toEqual([401, true]);
  expect(late.text).toContain('id="password"');
  expect((await visitor.post(ADD, { password: PASSWORD })).location).toBe(CONFIRM);
});

describe("a change of second factors, in a session whose code is old", () => {
  it.each([
    [REMOVE, "/account?notice=totpRemoved", "Authenticator app removed."],
    [`${CODES}/new`, `${CODES}?notice=codesCreated`, "New recovery codes created."],
  ])("at %s asks for a code, and for no password", async (path, end, said) => {
    const { visitor, app, world } = await signedInWithApp();
    later(6);
    const asked = await visitor.get(path);
    const { location } = await visitor.post(path, {});
    const to = `${IDENTITY}?${new URLSearchParams({ return_to: path })}`;
    expect([asked.location, location]).toEqual([to, to]);

    const form = await visitor.get(to);
    expect(form.text).toContain(`name="return_to" value="${path}"`);
    const wrong = await visitor.post(IDENTITY, { code: wrongAppCode(app.secret), return_to: path });
    expect([wrong.status, wrong.text.includes(`value="${path}"`)]).toEqual([400, true]);
    expect((await visitor.post(IDENTITY, { code: appCode(app.secret), return_to: path })).location).toBe(path);
    expect((await visitor.get(path)).text).not.toContain('id="password"');
    expect((await visitor.post(path, {})).location).toBe(end);

    const after = await visitor.get(end);
    expect(after.text).toContain(said);
    const codes = codesOn(after);
    const other = createVisitor(world);
    const first = await other.signIn();
    if (path === REMOVE) return expect(first.location).not.toContain(SECOND);
    expect((await other.post(SECOND, { code: app.recovery_codes[0]! })).status).toBe(400);
    expect((await other.post(SECOND, { code: codes[0]! })).status).toBe(303);
  });

  it("takes a recovery code too, and leads to no other site", async () => {
    const { visitor, app } = await signedInWithApp();
    later(6);
    const fields = { code: app.recovery_codes[0]!, use: "recovery_code", return_to: "https://app.test/x" };

    expect((await visitor.get(`${IDENTITY}?use=recovery_code`)).text).toContain("Use your authenticator app");
    expect((await visitor.post(IDENTITY, fields)).location).toBe("/account");
    expect(await eventTypes()).toContain("recovery_code_used");
  });

  it.each([REMOVE, `${CODES}/new`, IDENTITY])("is not offered at %s to an account without one", async (path) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();

    expect((await visitor.get(path)).location).toBe("/account");
  });
});

it("the account page warns when three recovery codes or fewer are left", async () => {
  const { visitor, app } = await signedInWithApp();
  expect(app.recovery_codes).toHaveLength(10);
  const warnedAt = async (spent: number) => {
    await env.DB.exec(`update recovery_codes set spent_at = case when rowid <= ${spent} then 1 end`);
    return (await visitor.get("/account")).text.includes("Create new codes before you run out.");
  };

  expect([await warnedAt(6), await warnedAt(7)]).toEqual([false, true]);
});
