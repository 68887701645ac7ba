import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { fieldOn, halfSignedIn, later, SECOND } from "../support/app-visitor.ts";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { mustEnroll } from "../support/enrollment.ts";
import { outbox } from "../support/outbox.ts";
import { created } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { disableUsers, replacePasswords, rowCount } from "../support/rows.ts";
import { createPasskey } from "../support/security-key.ts";
import { createVisitor } from "../support/visitor.ts";

const ADD = "/sign-in/add-factor";
const APP = `${ADD}/app`;
const CODES = "/account/recovery-codes";
const TOKEN = "__Host-login_token";
const RETURN_TO = "https://app.test/notes?a=1&b=2";

type Visitor = ReturnType<typeof createVisitor>;

/** A visitor whose password was right, on an account that has to add a second factor. */
async function mustAdd(return_to = "") {
  const { world } = await mustEnroll();
  const visitor = createVisitor(world);
  const first = await visitor.post("/sign-in", { identifier: "janedoe", password: PASSWORD, return_to });
  return { world, visitor, first };
}

/** Starts the setup of an app and returns its secret, as the page shows it. */
async function startApp(visitor: Visitor, fields: Record<string, string> = {}) {
  const { location } = await visitor.post(ADD, fields);
  const page = await visitor.get(location ?? "");
  const secret = /class="key"[^>]*>([^<]*)</.exec(page.text)?.[1]?.replace(/\s/g, "") ?? "";
  return { location, page, secret };
}

/** Answers the options of the page with a new passkey, as the script does. */
async function passkeyFor(visitor: Visitor) {
  const { json } = await visitor.post(`${ADD}/options`, {});
  return JSON.stringify(created(await createPasskey(), json));
}

/** The two ways to add a factor on the pages. */
const WAYS = {
  async totpAdded(visitor: Visitor, return_to: string) {
    const { secret, location } = await startApp(visitor, { return_to });
    expect(location).toBe(return_to ? `${APP}?${new URLSearchParams({ return_to })}` : APP);
    return visitor.post(APP, { code: appCode(secret), return_to });
  },
  passkeyAdded: async (visitor: Visitor, return_to: string) =>
    visitor.post(ADD, { credential: await passkeyFor(visitor), return_to }),
};

describe("a sign-in that has to add a second factor", () => {
  it("leads to a page that says so and offers both ways, the passkey by script only", async () => {
    const { visitor, first } = await mustAdd();
    const token = first.headers.getSetCookie().find((line) => line.startsWith(TOKEN));
    expect([first.status, first.location?.split("?")[0]]).toEqual([303, ADD]);
    expect(token).toMatch(/Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);

    const { text, status } = await visitor.get(ADD);
    expect(status).toBe(200);
    expect(text).toContain("This site requires a second step to sign in. Set one up to continue.");
    expect(text).toMatch(/<form method="post" action="\/sign-in\/add-factor" hidden[^>]*data-passkey="\/sign-in\/add-/);
    expect(text).toContain('data-exists="This device already has a passkey for your account."');
    expect(text).toContain("Add authenticator app</button>");
    expect(await rowCount("totps")).toBe(0);
  });

  it.each(Object.entries(WAYS))("opens a session, shows the codes once and leads on (%s)", async (notice, add) => {
    const { visitor } = await mustAdd(RETURN_TO);
    const query = new URLSearchParams({ notice, return_to: RETURN_TO });

    const { location } = await add(visitor, RETURN_TO);

    expect(location).toBe(`${CODES}?${query}`);
    expect(decodeJwt(visitor.cookies.get("__Host-access_token")!)["acr"]).toBe("aal2");
    expect([visitor.cookies.has(TOKEN), visitor.cookies.has("__Host-totp_setup")]).toEqual([false, false]);
    const codes = await visitor.get(location!);
    expect(codes.text).toContain("Save your recovery codes");
    expect(codes.text.match(/<li>[\w-]{11}<\/li>/g)).toHaveLength(10);
    expect(codes.headers.get("content-security-policy")).toContain("form-action 'self' https://app.test;");
    const action = /action="(\/account\/recovery-codes[^"]*)"/.exec(codes.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect((await visitor.post(action, {})).location).toBe(RETURN_TO);
    expect((await visitor.get(location!)).location).toBe(RETURN_TO);
    expect((await visitor.get(CODES)).location).toBe("/account");
    expect((await visitor.get("/account/password")).text).toContain('autocomplete="username" value="janedoe"');
  });

  it.each(Object.entries(WAYS))("leads into the account without a return address (%s)", async (notice, add) => {
    const { visitor } = await mustAdd();
    expect((await add(visitor, "")).location).toBe(`${CODES}?notice=${notice}`);
    expect((await visitor.post(CODES, {})).location).toBe("/account");
    expect((await visitor.get(`${CODES}?return_to=https://evil.test`)).location).toBe("/account");
  });

  it("keeps the return address in the links and forms of every page", async () => {
    const { visitor, first } = await mustAdd(RETURN_TO);
    const kept = /name="return_to" value="https:\/\/app.test\/notes\?a=1&amp;b=2"/g;
    const page = await visitor.get(first.location!);
    expect(page.text.match(kept)).toHaveLength(2);
    const { page: app, secret } = await startApp(visitor, { return_to: RETURN_TO });
    const wrong = await visitor.post(APP, { code: wrongAppCode(secret), return_to: RETURN_TO });
    for (const { text } of [app, wrong]) {
      expect(text.match(kept)).toHaveLength(1);
      expect(text).toContain(`href="${ADD}?${new URLSearchParams({ return_to: RETURN_TO })}"`);
    }
  });

  it("shows the setup of the app again on a reload, and says what to do about a wrong code", async () => {
    const { visitor } = await mustAdd();
    const { secret, page } = await startApp(visitor);
    expect(page.text).toContain('class="qr"');
    expect((await visitor.get(APP)).text).toContain(secret.slice(0, 4));

    const wrong = await visitor.post(APP, { code: wrongAppCode(secret) });
    expect([wrong.status, wrong.text.includes("Enter the one that the app shows now")]).toEqual([400, true]);
    expect(fieldOn(wrong)).toContain('aria-invalid="true"');
    expect((await visitor.post(APP, { code: "12" })).status).toBe(422);
    expect((await visitor.post(APP, { code: appCode(secret) })).status).toBe(303);
  });

  it("offers another try after a passkey that was refused, and says so", async () => {
    const { visitor } = await mustAdd();
    const credential = await passkeyFor(visitor);
    const wrong = credential.replace(/"clientDataJSON":"./, '"clientDataJSON":"A');
    const page = await visitor.post(ADD, { credential: wrong });
    expect([page.status, page.text.includes("The passkey could not be added. Try again.")]).toEqual([400, true]);
    expect(page.text).toContain("Add authenticator app</button>");
    expect((await visitor.post(ADD, { credential: "{" })).status).toBe(422);
    expect(await rowCount("passkeys")).toBe(0);
    expect((await visitor.post(ADD, { credential })).status).toBe(303);
  });

  it.each([
    ["after ten minutes", async () => later(10)],
    ["after another password", replacePasswords],
    ["without the first step", async (cookies: Map<string, string>) => cookies.delete(TOKEN)],
    ["with a forged login token", async (cookies: Map<string, string>) => cookies.set(TOKEN, "a.b totp enroll")],
  ])("asks for the first step again %s, and says why", async (_, change) => {
    const { visitor } = await mustAdd();
    const credential = await passkeyFor(visitor);
    const { secret } = await startApp(visitor);
    const token = visitor.cookies.get(TOKEN)!;
    const setup = visitor.cookies.get("__Host-totp_setup")!;
    const forms = [
      [ADD, { credential }],
      [APP, { code: appCode(secret) }],
      [ADD, {}],
    ] as const;
    await change(visitor.cookies);
    const changed = visitor.cookies.get(TOKEN);
    for (const [path, fields] of forms) {
      visitor.cookies.set("__Host-totp_setup", setup);
      if (changed) visitor.cookies.set(TOKEN, changed);
      let { location } = await visitor.post(path, { ...fields, return_to: "/account/activity" });
      if (location?.startsWith(ADD)) location = (await visitor.get(location)).location;
      expect([path, location]).toEqual([path, "/sign-in?notice=expired&return_to=%2Faccount%2Factivity"]);
    }
    expect(visitor.cookies.has(TOKEN)).toBe(false);
    expect((await visitor.get("/sign-in?notice=expired")).text).toContain("Your sign-in has expired.");
    expect(await rowCount("sessions")).toBe(0);
    if (changed === token) {
      // The script asks for options, and then loads the page again.
      visitor.cookies.set(TOKEN, token);
      expect((await visitor.post(`${ADD}/options`, {})).status).toBe(401);
      expect((await visitor.get(ADD)).location).toBe("/sign-in?notice=expired");
    }
  });

  it("says that the account is disabled, or locked, and opens no session", async () => {
    const { world, visitor } = await mustAdd();
    const { secret } = await startApp(visitor);
    for (let n = 0; n < 5; n++)
      await createVisitor(world).post("/sign-in", { identifier: "janedoe", password: "wrong" });
    const locked = await visitor.post(APP, { code: appCode(secret) });
    expect([locked.status, locked.text.includes("Wait a while, then try again.")]).toEqual([429, true]);
    await env.DB.exec("delete from lockouts");
    await disableUsers();
    const disabled = await visitor.post(APP, { code: appCode(secret) });
    expect([disabled.status, disabled.text.includes("This account is disabled.")]).toEqual([403, true]);
    expect(await rowCount("sessions")).toBe(0);
  });

  it("does not open the page of a code", async () => {
    const { visitor } = await mustAdd();
    expect((await visitor.get(SECOND)).location).toBe("/sign-in?notice=expired");
    expect((await visitor.post(SECOND, { code: "123456" })).location).toBe("/sign-in?notice=expired");
  });

  it("is none for an account that has a factor", async () => {
    const { visitor } = await halfSignedIn();
    expect((await visitor.post(`${ADD}/options`, {})).status).toBe(401);
    for (const path of [ADD, APP]) {
      await visitor.signIn();
      expect((await visitor.post(path, path === APP ? { code: "123456" } : {})).location).toBe(
        "/sign-in?notice=expired",
      );
    }
    expect((await visitor.get(ADD)).location).toBe("/sign-in?notice=expired");
  });

  it("accepts no form of another site", async () => {
    const { visitor } = await mustAdd();
    const foreign = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
    for (const path of [ADD, APP, `${ADD}/options`]) expect((await visitor.post(path, {}, foreign)).status).toBe(403);
    expect(await rowCount("totps")).toBe(0);
  });

  it("tells a browser that drops the cookies so", async () => {
    const { world, first } = await mustAdd();
    expect((await createVisitor(world).get(first.location!)).location).toBe("/sign-in?notice=no-cookies");
  });
});

it("a new account is led from the verification of its address to a second factor, and on", async () => {
  const { world } = await mustEnroll();
  const visitor = createVisitor(world);
  await visitor.post("/sign-up?return_to=/account/activity", { address: "john@example.com", password: PASSWORD });
  await world.flush();
  const otp = (await outbox.last()).code;
  const { location } = await visitor.post("/verify", { identifier: "john@example.com", otp });
  expect(location?.split("?")[0]).toBe(ADD);
  expect((await WAYS.totpAdded(visitor, "")).location).toBe(`${CODES}?notice=totpAdded`);
});
