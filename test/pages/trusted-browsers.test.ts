import { describe, expect, it } from "vitest";
import { SECOND } from "../support/app-visitor.ts";
import { appCode, wrongAppCode } from "../support/authenticator.ts";
import { asserted } from "../support/passkeys.ts";
import { people } from "../support/people.ts";
import { rowCount, rows } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld } from "../support/world.ts";

const TRUSTING = { TRUSTED_DEVICE_DAYS: "30" };
const LIST = "/account/sessions/trusted";
const CHECKBOX = /<label class="check"><input type="checkbox" name="trust_device" value="true"( checked="")?\/>/;

/** A visitor after the first step of a sign-in to an account with an app. */
async function halfSignedIn(settings: Partial<Env> = TRUSTING) {
  const { world, app } = await people.jane.withApp(settings);
  const visitor = createVisitor(world);
  await visitor.signIn();
  return { world, app, visitor };
}

/** A visitor who trusts the browser. */
async function trusting() {
  const own = await halfSignedIn();
  await own.visitor.post(SECOND, { code: appCode(own.app.secret, 1), trust_device: "true" });
  return own;
}

describe("the choice to trust a browser", () => {
  it("is offered at the second step, not chosen, and only if the service allows it", async () => {
    const { visitor } = await halfSignedIn();
    const { text } = await visitor.get(SECOND);
    expect([CHECKBOX.exec(text)?.[1], text.includes("on this browser for 30 days")]).toEqual([undefined, true]);
    expect((await visitor.get(`${SECOND}?use=recovery_code`)).text).toMatch(CHECKBOX);

    const one = createVisitor(createWorld({ TRUSTED_DEVICE_DAYS: "1" }));
    await one.signIn();
    expect((await one.get(SECOND)).text).toContain("on this browser for 1 day<");
    const none = createVisitor(createWorld());
    await none.signIn();
    expect((await none.get(SECOND)).text).not.toContain("trust_device");
  });

  it("lets the password alone sign in there, and only there", async () => {
    const { world, visitor } = await trusting();
    await visitor.post("/sign-out", {});
    expect((await visitor.signIn()).location).toMatch(/^\/sign-in\?notice=no-cookies|^\/account$/);
    expect((await visitor.get("/account")).status).toBe(200);
    const other = createVisitor(world);
    expect((await other.signIn()).location?.split("?")[0]).toBe(SECOND);
  });

  it("counts for a recovery code too", async () => {
    const { app, visitor } = await halfSignedIn();
    await visitor.post(SECOND, { code: app.recovery_codes[0]!, use: "recovery_code", trust_device: "true" });
    expect(await rowCount("trusted_devices")).toBe(1);
  });

  it("counts for a passkey too", async () => {
    const { world, own } = await people.jane.withPasskey(TRUSTING);
    const visitor = createVisitor(world);
    await visitor.signIn();
    const { text } = await visitor.get(SECOND);
    expect(text).toMatch(CHECKBOX);
    const { json } = await visitor.post(`${SECOND}/options`, {});
    const credential = JSON.stringify(await asserted(own.passkey, json, own.user_handle));
    await visitor.post(SECOND, { credential, trust_device: "true" });
    expect(await rowCount("trusted_devices")).toBe(1);
  });

  it("stays chosen after a wrong code, and is none without the field or with another value", async () => {
    const { app, visitor } = await halfSignedIn();
    const wrong = await visitor.post(SECOND, { code: wrongAppCode(app.secret), trust_device: "true" });
    expect([wrong.status, CHECKBOX.exec(wrong.text)?.[1]]).toEqual([400, ' checked=""']);
    const code = appCode(app.secret, 1);
    expect((await visitor.post(SECOND, { code, trust_device: "yes" })).status).toBe(422);
    expect((await visitor.post(SECOND, { code, trust_device: "" })).status).toBe(303);
    expect(await rowCount("trusted_devices")).toBe(0);
  });

  it("is ignored if the service does not allow it", async () => {
    const { app, visitor } = await halfSignedIn({});
    await visitor.post(SECOND, { code: appCode(app.secret, 1), trust_device: "true" });
    expect([visitor.cookies.has("__Host-refresh_token"), await rowCount("trusted_devices")]).toEqual([true, 0]);
  });
});

describe("the page of trusted browsers", () => {
  it("lists them, marks this one, and ends the trust in one", async () => {
    const { visitor } = await trusting();
    expect((await visitor.get("/account/sessions")).text).toContain(`<a href="${LIST}">Trusted browsers</a>`);
    const { text } = await visitor.get(LIST);
    expect(text).toContain('<span class="badge success">This device</span>');
    expect(text).toMatch(/aria-current="page">Sessions</);
    const [, id = ""] = /name="id" value="([^"]+)"/.exec(text) ?? [];

    expect((await visitor.post(LIST, { id: "other" })).location).toBe(LIST);
    const { location } = await visitor.post(LIST, { id });

    const page = await visitor.get(location!);
    expect([location, await rowCount("trusted_devices")]).toEqual([`${LIST}?notice=ended`, 0]);
    expect(page.text).toContain("The next sign-in there asks for the second step.");
    expect(page.text).toContain("None yet.");
    await visitor.post("/sign-out", {});
    expect((await visitor.signIn()).location?.split("?")[0]).toBe(SECOND);
  });

  it("is not linked if the service trusts none, but answers", async () => {
    const { visitor } = await trusting();
    const off = createVisitor(createWorld());
    for (const [name, value] of visitor.cookies) off.cookies.set(name, value);
    expect((await off.get("/account/sessions")).text).not.toContain(LIST);
    expect((await off.get(LIST)).text).toContain("On these browsers");
  });

  it("is closed to others, and to forms of other sites", async () => {
    const { world, visitor } = await trusting();
    const [device] = await rows("trusted_devices");
    const foreign = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
    expect((await visitor.post(LIST, { id: `${device?.["id"]}` }, foreign)).status).toBe(403);
    expect((await createVisitor(world).post(`${LIST}?user=x`, { id: `${device?.["id"]}` })).location).toMatch(
      /^\/sign-in/,
    );
    expect((await createVisitor(world).get(LIST)).location).toMatch(/^\/sign-in\?return_to=/);
    expect((await visitor.post(LIST, { id: "x", other: "y" })).status).toBe(422);
    expect(await rowCount("trusted_devices")).toBe(1);
  });
});
