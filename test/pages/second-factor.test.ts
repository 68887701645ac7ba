import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { fieldOn, halfSignedIn, later, SECOND } from "../support/app-visitor.ts";
import { addApp, appCode, postTo, wrongAppCode } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld } from "../support/world.ts";

const TOKEN = "__Host-login_token";

describe("the sign-in page of an account with an authenticator app", () => {
  it("leads to a page with one field, and from there with a code into the account", async () => {
    const { visitor, app, first } = await halfSignedIn();
    const token = first.headers.getSetCookie().find((line) => line.startsWith(TOKEN));
    expect([first.status, first.location?.split("?")[0]]).toEqual([303, SECOND]);
    expect(token).toMatch(/Max-Age=300; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect((await visitor.get("/account")).location).toMatch(/^\/sign-in/);
    await visitor.signIn();

    const page = await visitor.get(SECOND);
    expect(page.text).toContain("<h1>Enter your code</h1>");
    expect(page.text.match(/<input (?!type="hidden")/g)).toHaveLength(1);
    expect(fieldOn(page)).toMatch(/autofocus.*autocomplete="one-time-code" inputmode="numeric"/);

    expect((await visitor.post(SECOND, { code: appCode(app.secret, 1) })).location).toBe("/account");
    expect([decodeJwt(visitor.cookies.get("__Host-access_token")!)["acr"], visitor.cookies.has(TOKEN)]).toEqual([
      "aal2",
      false,
    ]);
    expect((await visitor.get("/account/password")).text).toContain('autocomplete="username" value="janedoe"');
  });

  it("keeps the return address through both steps, also in the links between them", async () => {
    const { visitor, app } = await halfSignedIn();
    const return_to = "https://app.test/notes?a=1&b=2";
    const { location } = await visitor.post("/sign-in", { identifier: "janedoe", password: PASSWORD, return_to });
    const page = await visitor.get(location!);
    const links = [...page.text.matchAll(/href="([^"]*return_to[^"]*)"/g)].map(([, href]) => href);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https://app.test;");
    expect(links).toHaveLength(2);

    expect((await visitor.post(SECOND, { code: appCode(app.secret, 1), return_to })).location).toBe(return_to);
    await visitor.signIn();
    expect((await visitor.post(SECOND, { code: "1", return_to: "https://evil.test" })).text).not.toContain("evil.test");
  });

  it("takes a recovery code on the same page, and says how many are left", async () => {
    const { visitor, app } = await halfSignedIn();
    const page = await visitor.get(`${SECOND}?use=recovery_code`);
    expect(page.text).toContain("Recovery code");
    expect(fieldOn(page)).toMatch(/autocomplete="off"/);
    expect(fieldOn(page)).not.toContain("inputmode");

    const { location } = await visitor.post(SECOND, { code: app.recovery_codes[0]!, use: "recovery_code" });
    expect(location).toBe("/account?notice=codeUsed");
    expect((await visitor.get(location!)).text).toContain("You signed in with a recovery code. 9 codes are left.");
  });

  it("says what to do about a wrong code, and asks for the same kind again", async () => {
    const { visitor, app } = await halfSignedIn();
    const wrong = await visitor.post(SECOND, { code: wrongAppCode(app.secret) });
    expect([wrong.status, wrong.text.includes("Enter the one that the app shows now")]).toEqual([400, true]);
    expect(fieldOn(wrong)).toMatch(/autofocus.*aria-invalid="true"/);

    const recovery = await visitor.post(SECOND, { code: "00000-00000", use: "recovery_code" });
    expect(recovery.text).toContain('name="use" value="recovery_code"');
    expect(recovery.text).toContain("Enter another one.");
    expect((await visitor.post(SECOND, { code: "12" })).status).toBe(422);
    expect((await visitor.post(SECOND, { code: appCode(app.secret, 1) })).status).toBe(303);
  });

  it.each([
    ["after five minutes", () => later(5)],
    ["without the first one", (cookies: Map<string, string>) => cookies.delete(TOKEN)],
    ["with a forged login token", (cookies: Map<string, string>) => cookies.set(TOKEN, "a.b totp")],
  ])("asks for the first step again %s, and says why", async (_, change) => {
    const { visitor, app } = await halfSignedIn();
    change(visitor.cookies);
    const { location } = await visitor.post(SECOND, { code: appCode(app.secret, 1), return_to: "/account/activity" });

    expect(location).toBe("/sign-in?notice=expired&return_to=%2Faccount%2Factivity");
    const page = await visitor.get(location!);
    expect(page.text).toContain("Your sign-in has expired.");
    expect(fieldOn(page, "identifier")).toContain('value="janedoe"');
    expect([visitor.cookies.has(TOKEN), (await visitor.get(SECOND)).location]).toEqual([
      false,
      "/sign-in?notice=expired",
    ]);
  });

  it("tells a browser that drops the cookies so, and not that it was too late", async () => {
    const { world, first } = await halfSignedIn();
    const { location } = await createVisitor(world).get(first.location!);

    expect(location).toBe("/sign-in?notice=no-cookies");
  });

  it("cannot be passed by, also not in the browser that created the account", async () => {
    const world = createWorld(NO_COOLDOWN);
    const visitor = createVisitor(world);
    const john = { address: "john@example.com", password: PASSWORD };
    await visitor.post("/sign-up", john);
    await addApp(postTo(world), (await logIn(world, john.address)).json.access_token);
    await env.DB.exec("update users set credential_version = 0");
    const sessions = await rowCount("sessions");
    await visitor.post("/verify/resend", { identifier: john.address });
    await world.flush();
    const otp = (await outbox.last()).code;

    expect((await visitor.post("/verify", { identifier: john.address, otp })).location).toBe(SECOND);
    expect(await rowCount("sessions")).toBe(sessions);
    expect(fieldOn(await visitor.get(SECOND))).toBeTruthy();
  });
});
