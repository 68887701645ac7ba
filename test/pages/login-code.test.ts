import { describe, expect, it } from "vitest";
import { fieldOn, SECOND } from "../support/app-visitor.ts";
import { appCode } from "../support/authenticator.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { JANE, people, wrongCode } from "../support/people.ts";
import { rowCount, verifyAddresses } from "../support/rows.ts";
import { checked, createVisitor, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

const ENTER = "/sign-in/code/enter";
const OPEN = "/sign-in/link/open";

/** A visitor who has asked for a code to Jane's verified address, and what was sent. */
async function asked() {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  await verifyAddresses();
  const visitor = createVisitor(world);
  const sent = await visitor.post("/sign-in/code", { identifier: JANE.email });
  await world.flush();
  const { text, code, token } = await outbox.last();
  const link = new URL(/https:\S+/.exec(text)![0]);
  return { world, visitor, sent, code, token, path: link.pathname + link.search };
}

describe("the pages of a mailed code", () => {
  it("are reached from the sign-in form with what was typed, and sign in", async () => {
    const { world } = await createWorldWithJane(NO_COOLDOWN);
    await verifyAddresses();
    const visitor = createVisitor(world);
    const { text } = await visitor.get("/sign-in");
    expect(text).toContain('formaction="/sign-in/code" formnovalidate="">Email me a code</button>');

    const fields = { identifier: JANE.email, password: "typed-before-7", return_to: "/account/sessions" };
    const sent = await visitor.post("/sign-in/code", fields);
    expect([sent.status, sent.location, await rowCount("lockouts")]).toEqual([303, ENTER, 0]);
    await world.flush();
    const enter = await visitor.get(ENTER);
    expect(enter.text).toContain("If an account exists for j•••@example.com, we sent it an email.");
    expect(fieldOn(enter, "otp")).toContain('autocomplete="one-time-code"');

    const { code } = await outbox.last();
    const wrong = await visitor.post(ENTER, { identifier: JANE.email, otp: wrongCode(code) });
    expect([wrong.status, mainOf(wrong.text).includes("This code is wrong or has expired.")]).toEqual([400, true]);
    const right = await visitor.post(ENTER, { identifier: JANE.email, otp: code });
    expect([right.status, right.location]).toEqual([303, "/account/sessions"]);
    expect((await visitor.get("/account")).text).toContain(JANE.email);
  });

  it("look the same for an account that does not exist", async () => {
    const { world } = await asked();
    const shownTo = async (identifier: string) => {
      const visitor = createVisitor(world);
      const sent = await visitor.post("/sign-in/code", { identifier });
      const { text } = await visitor.get(ENTER);
      return [sent.status, sent.location, mainOf(text).replace(/value="[^"]*"/g, "")];
    };

    const known = await shownTo(JANE.email);
    const unknown = await shownTo("john@example.com");
    await world.flush();
    expect(unknown).toEqual(known);
  });

  it("ask for the second factor, which is not the code, and lead on to the wanted page", async () => {
    const { world, app } = await people.jane.withApp();
    await verifyAddresses();
    const [visitor, sessions] = [createVisitor(world), await rowCount("sessions")];
    await visitor.post("/sign-in/code", { identifier: JANE.email, return_to: "/account/activity" });
    await world.flush();
    const first = await visitor.post(ENTER, { identifier: JANE.email, otp: (await outbox.last()).code });
    expect(first.location).toMatch(/^\/sign-in\/second-factor\?/);
    expect(await rowCount("sessions")).toBe(sessions);

    const second = await visitor.post(SECOND, { code: appCode(app.secret, 1), return_to: "/account/activity" });
    expect(second.location).toBe("/account/activity");
  });

  it("send another code, which voids the first, and say when to wait", async () => {
    const { world, visitor, code } = await asked();
    const again = await visitor.post("/sign-in/code", { identifier: JANE.email });
    await world.flush();
    expect(again.location).toBe(`${ENTER}?notice=resent`);
    expect((await visitor.get(again.location!)).text).toContain("A new code is on its way");
    expect((await visitor.post(ENTER, { identifier: JANE.email, otp: code })).status).toBe(400);
    const newer = { identifier: JANE.email, otp: (await outbox.last()).code };
    expect((await visitor.post(ENTER, newer)).status).toBe(303);

    const patient = createVisitor(createWorld());
    await patient.post("/sign-in/code", { identifier: JANE.email });
    expect((await patient.post("/sign-in/code", { identifier: JANE.email })).status).toBe(429);
  });

  it("say what is wrong with an identifier, and lead a browser that asked for nothing to the start", async () => {
    const { visitor, world } = await asked();
    const before = world.sent.length;
    const refused = await visitor.post("/sign-in/code", { identifier: "" });
    expect([refused.status, fieldOn(refused, "identifier")]).toEqual([
      422,
      expect.stringContaining('aria-invalid="true"'),
    ]);
    expect(world.sent.length).toBe(before);
    expect((await createVisitor(world).get(ENTER)).location).toBe("/sign-in/code");
  });

  it.each([
    ["password", 404],
    ["phone_code", 200],
  ])("with the methods %s answer %d", async (LOGIN_METHODS, status) => {
    const visitor = createVisitor(createWorld({ LOGIN_METHODS }));
    expect((await visitor.get("/sign-in/code")).status).toBe(status);
    expect((await visitor.get("/sign-in")).text.includes("/sign-in/code")).toBe(status === 200);
  });

  it("are the first way where accounts have no password", async () => {
    const visitor = createVisitor(createWorld({ LOGIN_METHODS: "email_code" }));
    const { text } = await visitor.get("/sign-in");
    expect(text).toMatch(/<form method="post" action="\/sign-in\/code">.*<button type="submit">Email me a code/s);
    expect(text).not.toContain("password");
  });
});

describe("the page of a mailed link", () => {
  it("signs in by a button in the browser that asked, and GET and HEAD use nothing up", async () => {
    const { visitor, path } = await asked();
    const before = await dumpRows();
    for (const method of ["GET", "HEAD", "GET"]) {
      const { location } = await visitor.send(path, { method });
      expect([location, (await visitor.send(OPEN, { method })).status]).toEqual([OPEN, 200]);
    }
    expect(await dumpRows()).toEqual(before);

    const page = await visitor.get(OPEN);
    const token = /name="token" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
    const { location, headers } = await visitor.post("/sign-in/link", { token });
    expect([location, headers.get("set-cookie")]).toEqual(["/account", expect.stringContaining("__Host-login_link=;")]);
    expect((await visitor.get(OPEN)).location).toBe("/sign-in");
  });

  it("shows the code in another browser, which stays signed out, and the code then works in the first", async () => {
    const { visitor, world, path, token, code } = await asked();
    const phone = createVisitor(world);
    await phone.get(path, { "sec-fetch-site": "cross-site" });
    const elsewhere = await phone.post("/sign-in/link", { token });
    expect([elsewhere.status, await rowCount("sessions")]).toEqual([403, 0]);
    expect(mainOf(elsewhere.text)).toMatch(new RegExp(`asked for this email in another browser.*${code}`, "s"));
    expect((await phone.get("/account")).status).toBe(303);

    expect((await visitor.post(ENTER, { identifier: JANE.email, otp: code })).location).toBe("/account");
  });

  it("does not sign a browser that is signed in as another user in as the attacker", async () => {
    const { world } = await asked();
    await world.post("/auth/register", { email: "mallory@example.com", password: "attacker-horse-7" });
    const mallory = createVisitor(world);
    await mallory.post("/sign-in/code", { identifier: "mallory@example.com" });
    await world.flush();
    const lure = await outbox.last();

    const victim = createVisitor(world);
    expect((await victim.signIn()).location).toBe(checked());
    expect((await victim.post("/sign-in/link", { token: lure.token })).status).toBe(403);
    expect((await victim.get("/account")).text).toContain(JANE.email);
  });

  it("refuses one that was used, with a way to another", async () => {
    const { visitor, token } = await asked();
    expect((await visitor.post("/sign-in/link", { token })).status).toBe(303);
    const again = await visitor.post("/sign-in/link", { token });
    expect([again.status, again.text.includes('class="button" href="/sign-in/code"')]).toEqual([400, true]);
  });

  it("leads to the frontend that was wanted, which its policy allows, and names the right account", async () => {
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, ALLOWED_ORIGINS: "https://app.test" });
    await verifyAddresses();
    const visitor = createVisitor(world);
    await visitor.post("/sign-in/code", { identifier: JANE.email, return_to: "https://app.test/home" });
    await world.flush();
    const { token } = await outbox.last();
    await visitor.post("/sign-in/code", { identifier: "mallory@example.com" });
    await visitor.get(`/sign-in/link?token=${token}`);
    const page = await visitor.get(OPEN);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https://app.test");
    expect((await visitor.post("/sign-in/link", { token })).location).toBe("https://app.test/home");

    expect((await visitor.get("/account/delete")).text).not.toContain("mallory@example.com");
    expect([...visitor.cookies.keys()].filter((name) => /login_(sent|link|browser)/.test(name))).toEqual([]);
  });
});

describe("without passwords, the pages of a code", () => {
  const world = () => createWorld({ ...NO_COOLDOWN, LOGIN_METHODS: "passkey,email_code" });

  it("sign up by the address of the sign-up form", async () => {
    const service = world();
    const visitor = createVisitor(service);
    const { text } = await visitor.get("/sign-up");
    expect(text).toMatch(
      /<form method="post" action="\/sign-in\/code">.*id="address".*<button type="submit">Create account/s,
    );
    expect((await visitor.post("/sign-in/code", { address: "kim@example.com" })).location).toBe(ENTER);
    await service.flush();
    const otp = (await outbox.last()).code;
    expect((await visitor.post(ENTER, { identifier: "kim@example.com", otp })).location).toBe("/account");
    expect(await rowCount("users")).toBe(1);
  });

  it.each([
    ["kim@example.com", "We sent an email to k•••@example.com."],
    ["nobody-here", "If an account exists for nobody-here, we sent it a code."],
    ["+12025550144", "If an account exists for •••• 0144, we sent it a code."],
  ])("claim to have sent something to %s only if a code signs it up", async (identifier, said) => {
    const visitor = createVisitor(world());
    await visitor.post("/sign-in/code", { identifier });
    expect((await visitor.get(ENTER)).text).toContain(said);
  });
});
