import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { verifyAddresses } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows, PASSWORD, stopClock } from "../support/world.ts";

const NEW = { email: "new@example.com", phone: "+12025550144" };
const NOON = Date.UTC(2026, 0, 1, 12);

/** Jane in a browser, who has asked for a code to a new address. */
async function requested(kind: "email" | "phone", settings: Partial<Env> = NO_COOLDOWN) {
  stopClock(NOON);
  const { world } = await createWorldWithJane(settings);
  const visitor = createVisitor(world);
  await visitor.signIn();
  const { location } = await visitor.post(`/account/${kind}`, { [kind]: NEW[kind], password: PASSWORD });
  expect(location).toBe(`/account/${kind}/confirm`);
  await world.flush();
  return { world, visitor, resend: () => visitor.post(`/account/${kind}/resend`, { otp: "" }) };
}

describe.each([
  ["email", "n\u2022\u2022\u2022@example.com"],
  ["phone", "\u2022\u2022\u2022\u2022 0144"],
] as const)("the page that confirms a new %s", (kind, masked) => {
  it("says where the code went, also later and from the account page, and forgets it once confirmed", async () => {
    const { world, visitor } = await requested(kind);
    await visitor.post(`/account/${kind}/confirm`, { otp: "000000" });
    const { text } = await visitor.get(`/account/${kind}/confirm`);

    expect(text).toContain(`Enter the code we sent to ${masked}.`);
    expect(text).toMatch(/<input id="otp"[^>]* autofocus/);
    expect((await visitor.get("/account")).text).toContain(`Enter code: ${masked}`);
    expect((await visitor.get(`/account/${kind}`)).text).toContain(`value="${NEW[kind]}"`);

    await world.flush();
    const { location } = await visitor.post(`/account/${kind}/confirm`, { otp: (await outbox.last()).code });
    expect(location).toBe(`/account?notice=${kind}Confirmed`);
    expect((await visitor.get(location!)).text).toMatch(/role="status"[^>]*>(Email|Phone number) verified\./);
    expect((await visitor.get("/account")).text).not.toContain(masked);
  });

  it("sends another code without the password, which voids the first, and sends one for a double click", async () => {
    const { world, visitor } = await requested(kind);
    const { code: first } = await outbox.last();
    const form_id = "a-form";
    const click = () => visitor.post(`/account/${kind}/resend`, { form_id });
    const locations = (await Promise.all([click(), click()])).map(({ location }) => location);
    await world.flush();
    const messages = await outbox.exactly(2);

    expect(locations).toEqual([`/account/${kind}/confirm?notice=resent`, `/account/${kind}/confirm?notice=resent`]);
    expect(messages[1].to).toBe(NEW[kind]);
    expect((await visitor.post(`/account/${kind}/confirm`, { otp: first })).status).toBe(400);
    expect((await visitor.post(`/account/${kind}/confirm`, { otp: messages[1].code })).status).toBe(303);
  });

  it("counts down to the next code, and sends none before", async () => {
    const { world, visitor, resend } = await requested(kind, { ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "30" });
    stopClock(NOON + 10_000);

    expect((await visitor.get(`/account/${kind}/confirm`)).text).toMatch(/<button[^>]* data-countdown="20"/);
    const refused = await resend();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "20"]);
    expect(refused.text).toContain(`action="/account/${kind}/confirm?user=`);
    stopClock(NOON + 30_000);
    expect((await visitor.get(`/account/${kind}/confirm`)).text).not.toContain("data-countdown");
    expect((await resend()).status).toBe(303);
    await world.flush();
    await outbox.exactly(2);
  });

  it("leads back to the form, filled in, where the session was not authenticated recently", async () => {
    const { world, visitor, resend } = await requested(kind);
    stopClock(NOON + 301_000);
    const before = await dumpRows();
    const { location } = await resend();

    expect([location, world.sent.length]).toEqual([`/account/${kind}?notice=again`, 0]);
    expect(await dumpRows()).toEqual(before);
    const { text } = await visitor.get(location!);
    expect(text).toContain("Enter your password to get a new code.");
    expect(text).toContain(`value="${NEW[kind]}"`);
    expect((await visitor.post(`/account/${kind}`, { [kind]: NEW[kind] })).status).toBe(422);
  });

  it("costs one trip and one message to send another code", async () => {
    const { world, resend } = await requested(kind);

    expect(await world.cost(async () => expect((await resend()).status).toBe(303))).toMatchObject({ d1: 1, queue: 1 });
  });

  it("shows the address to no other user of the browser", async () => {
    const { world, visitor } = await requested(kind);
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const name = `__Host-pending_${kind}`;
    const pending = visitor.cookies.get(name)!;
    await visitor.post("/sign-out", {});
    expect([...visitor.cookies]).toEqual([]);

    await visitor.signIn("john@example.com");
    visitor.cookies.set(name, pending);
    expect((await visitor.get(`/account/${kind}/confirm`)).text).not.toContain(masked);
    expect((await visitor.post(`/account/${kind}/resend`, {})).location).toBe(`/account/${kind}`);
  });
});

describe("a refused form of the account", () => {
  it.each([
    ["/account/email", { email: "jane.doe@example.com" }, "email", "This is already your email."],
    ["/account/phone", { phone: "+1 202-555-0123" }, "phone", "This is already your phone number."],
    ["/account/phone", { phone: "+1 800 555 0199" }, "phone", "We can&#39;t text this number. Use"],
    ["/account/phone", { phone: "12" }, "phone", "Enter a mobile number that we can text"],
    ["/account/username", { username: "john", contact: "" }, "username", "This username is taken."],
    ["/account/username", { username: "jane", contact: "fax" }, "contact", "Choose an email or phone number"],
  ])("marks the field at %s for %j and says what to do", async (path, fields, name, advice) => {
    const { world } = await createWorldWithJane();
    await world.post("/auth/register", { email: "john@example.com", username: "john", password: PASSWORD });
    await verifyAddresses();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const { text } = await visitor.post(path, { ...fields, password: PASSWORD } as Record<string, string>);

    expect(text).toMatch(new RegExp(`id="${name}"[^>]*aria-invalid="true"`));
    expect(text).toMatch(new RegExp(`<span id="${name}-error" class="error">${advice}`));
  });

  it("marks the choice of a phone that the account does not have", async () => {
    const world = createWorld();
    await world.post("/auth/register", { email: "john@example.com", password: PASSWORD });
    const visitor = createVisitor(world);
    await visitor.signIn("john@example.com");
    const fields = { username: "john", contact: "phone", password: PASSWORD };
    const { text } = await visitor.post("/account/username", fields);

    expect(text).toMatch(/<select id="contact"[^>]*aria-invalid="true"/);
    expect(text).toContain("Your account doesn&#39;t have this yet. Add it first");
  });
});

it.each([
  ["en", "DE", "Without a country code, we use +49 (Germany)."],
  ["de", "CH", "Ohne Ländervorwahl verwenden wir +41 (Schweiz)."],
  ["en", "", "Include the country code"],
])("the phone field says in %s how a number without a country code is read in %s", async (language, country, hint) => {
  const { world } = await createWorldWithJane({ DEFAULT_COUNTRY: country });
  const visitor = createVisitor(world);
  await visitor.signIn();

  expect((await visitor.get("/account/phone", { "accept-language": language })).text).toContain(hint);
});

describe("the cookie of a pending address", () => {
  it.each([
    ["email", "CEO@corp.example<me@evil.example>"],
    ["email", "+12025550144"],
    ["phone", "me@evil.example"],
    ["phone", "+1"],
  ] as const)("is no way around the checks of a new %s: %s", async (kind, forged) => {
    const { visitor, world, resend } = await requested(kind);
    await outbox.clear();
    const name = `__Host-pending_${kind}`;
    const [owner, sentAt] = decodeURIComponent(visitor.cookies.get(name)!).split(" ");
    visitor.cookies.set(name, encodeURIComponent(`${owner} ${sentAt} ${forged}`));
    const before = await dumpRows();

    expect((await resend()).status).toBe(422);
    await world.flush();
    expect([await outbox.all(), await dumpRows()]).toEqual([[], before]);
  });
});

it("the titles of the forms for an address say what they change", async () => {
  const { world } = await createWorldWithJane();
  const visitor = createVisitor(world);
  await visitor.signIn();
  const titles = ["/account/email", "/account/phone"].map(async (path) => (await visitor.get(path)).text);

  expect(await Promise.all(titles)).toEqual([
    expect.stringContaining("<h1>Change email</h1>"),
    expect.stringContaining("<h1>Change phone number</h1>"),
  ]);
});
