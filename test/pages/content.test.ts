import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { EVENT_TYPES } from "../../src/contract/events.ts";
import { en } from "../../src/locales/en/en.ts";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "../support/world.ts";

const { NAUGHTY_STRINGS } = env as Env & { NAUGHTY_STRINGS: string[] | null };
const NASTY = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)' autofocus='",
  "</title></textarea><svg/onload=alert(1)>",
  "&lt;script&gt;",
  "{{7*7}}",
  "javascript:alert(1)",
];

/** Counts the tags of a page. Typed text must not add any. */
const tagsIn = (html: string) => html.split("<").length;

describe("typed text", () => {
  it("markup in a profile is shown as text", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const show = async (text: string) => {
      const refused = await visitor.post("/account/username", { username: `1 ${text}`, password: PASSWORD });
      const fields = { first_name: text, last_name: text, short_description: text };
      const { status } = await visitor.post("/account/profile", fields);
      if (status !== 303) return undefined;
      const pages = [refused, await visitor.get("/account"), await visitor.get("/account/profile")];
      return pages.map((page) => tagsIn(page.text));
    };
    const plain = await show("plain");
    const strings = [...NASTY, ...(NAUGHTY_STRINGS ?? [])].filter((text) => /[<>"'&]/.test(text)).slice(0, 60);
    let shown = 0;
    for (const text of strings) {
      const tags = await show(text);
      if (tags) expect([text, tags]).toEqual([text, plain]);
      shown += tags ? 1 : 0;
    }
    expect(shown).toBeGreaterThanOrEqual(5);
  });

  it.each(NASTY)("a refused form shows typed markup as text: %s", async (text) => {
    const visitor = createVisitor(createWorld());
    for (const [path, name] of [
      ["/sign-in", "identifier"],
      ["/sign-up", "address"],
      ["/verify", "identifier"],
      ["/reset-password", "token"],
    ] as const) {
      const plain = await visitor.post(path, { [name]: "plain x" });
      const nasty = await visitor.post(path, { [name]: text });
      expect([path, nasty.status, tagsIn(nasty.text)]).toEqual([path, plain.status, tagsIn(plain.text)]);
    }
    const query = new URLSearchParams({ token: text, notice: text, return_to: text });
    for (const path of ["/reset-password", "/sign-in", "/verify", "/signed-out"]) {
      const plain = await visitor.get(`${path}?token=plain&notice=plain&return_to=plain`);
      expect(tagsIn((await visitor.get(`${path}?${query}`)).text)).toBe(tagsIn(plain.text));
    }
  });

  it("markup in a user agent is shown as text", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const agent = { "user-agent": "<script>alert(1)</script> Chrome/1" };
    await visitor.post(
      "/sign-in",
      { identifier: "janedoe", password: PASSWORD },
      {
        ...agent,
        origin: "https://auth.test",
      },
    );

    for (const path of ["/account/sessions", "/account/activity"]) {
      expect((await visitor.get(path)).text).not.toContain("<script>alert");
    }
  });
});

it("the activity page leads to older events and back, page by page", async () => {
  const { world, login } = await createWorldWithJane();
  // More than twenty sessions: the oldest end.
  for (let n = 0; n < 40; n++) await login();
  const visitor = createVisitor(world);
  await visitor.signIn();

  const first = await visitor.get("/account/activity");
  const linkOn = ({ text }: { text: string }, name: string) =>
    new RegExp(`href="([^"]*)">${name}<`).exec(text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const second = await visitor.get(linkOn(first, "Older"));

  const items = (text: string) => text.split('<li class="event').length - 1;
  expect([items(first.text), first.text.includes("Account created")]).toEqual([50, false]);
  expect([second.text.includes("Account created"), second.text.includes("Older")]).toEqual([true, false]);
  expect([linkOn(first, "Newer"), linkOn(second, "Newer")]).toEqual(["", "/account/activity"]);
  const third = await visitor.get(`${linkOn(first, "Older")}&group=sign_ins&trail=9.9+8.8`);
  expect(linkOn(third, "Newer")).toBe("/account/activity?group=sign_ins&cursor=8.8&trail=9.9");
  expect((await visitor.get("/account/activity?cursor=x")).status).toBe(422);
});

describe("form fields", () => {
  it("warn that text messages can be intercepted where a number is entered", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();

    expect((await visitor.get("/account/phone")).text).toContain("Text messages can be intercepted");
  });

  it("the profile form keeps a stored language and line breaks", async () => {
    const { world, login } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const { access_token: token } = await login();
    const body = { locale: "de-CH", short_description: "one\ntwo" };
    await world.call("PATCH", "/users/me", { token, body });

    const { text } = await visitor.get("/account/profile");
    expect(text).toMatch(/<option value="de-CH" selected="">/);
    expect(text).toMatch(/<textarea[^>]*>one\ntwo<\/textarea>/);
  });

  it("spaces are removed around text and inside codes, but not from passwords", async () => {
    await outbox.clear();
    const { world, jane } = await createWorldWithJane(PROVIDERS);
    const visitor = createVisitor(world);
    await visitor.post("/verify/resend", { identifier: ` ${jane.email} ` });
    await world.flush();
    const { code } = await outbox.first();
    const otp = `${code.slice(0, 3)} ${code.slice(3)} `;

    expect((await visitor.post("/verify", { identifier: `${jane.email} `, otp })).location).toBe(
      "/sign-in?notice=verified",
    );
    const signIn = { identifier: "janedoe ", password: PASSWORD };
    expect((await visitor.post("/sign-in", { ...signIn, password: `${PASSWORD} ` })).status).toBe(401);
    expect((await visitor.post("/sign-in", signIn)).status).toBe(303);
  });
});

describe("a refused form", () => {
  const password = "wrong-horse-7";
  const PATHS: [string, Record<string, string>, string][] = [
    ["/sign-in", { identifier: "janedoe", password }, "password"],
    ["/account/password", { old_password: password, new_password: "brand-new-horse-8" }, "old_password"],
    ["/account/email", { email: "new@example.com", password }, "password"],
    ["/account/delete", { password }, "password"],
    ["/account/email/confirm", { otp: "000000" }, "otp"],
    ["/verify", { identifier: "janedoe", otp: "000000" }, "otp"],
  ];

  it.each(PATHS)("a refused form at %s marks and focuses the field at fault", async (path, fields, name) => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();

    const { text } = await visitor.post(path, fields);
    const [field] = text.match(new RegExp(`<input id="${name}"[^>]*>`)) ?? [];
    expect(field).toContain('aria-invalid="true"');
    expect(field).toMatch(/aria-describedby="[^"]*failure/);
    expect(field).toContain("autofocus");
    expect(text.match(/aria-invalid/g)).toHaveLength(1);
  });
});

describe("the language of a page", () => {
  it("a page is in the language of the browser", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const german = { "accept-language": "de-AT,en;q=0.5" };
    expect((await visitor.get("/sign-in", german)).text).toMatch(/<html lang="de" dir="ltr">.*<h1>Anmelden<\/h1>/s);
    expect((await visitor.get("/sign-in", { "accept-language": "la" })).text).toContain("<h1>Sign in</h1>");

    await visitor.signIn();
    expect((await visitor.get("/account", german)).text).toContain("<h1>Ihr Konto</h1>");
  });

  it("a page has a text for every event type", () => {
    expect(Object.keys(en.pages.events.byType).sort()).toEqual([...EVENT_TYPES].sort());
  });
});

describe("the brand", () => {
  it("a page shows the name, color and logo of the brand, escaped", async () => {
    const logo = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E";
    const brand = { BRAND_NAME: "Acme & Sons <Ltd>", BRAND_COLOR: "#aa0055", BRAND_LOGO_URL: logo };
    const { text, headers } = await createVisitor(createWorld(brand)).get("/sign-in");

    expect(text).toContain("<title>Sign in · Acme &amp; Sons &lt;Ltd&gt;</title>");
    const nonce = /'nonce-([\w-]+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
    expect(text).toContain(`<style nonce="${nonce}">:root{--fill:#aa0055;--on-fill:#ffffff;`);
    expect(text).toContain('<img src="data:image/svg+xml');
  });

  it.each([
    ["BRAND_COLOR", "red;}body{display:none"],
    ["BRAND_COLOR", "#fff"],
    ["BRAND_LOGO_URL", "http://acme.test/logo.png"],
    ["BRAND_LOGO_URL", "data:text/html,x"],
  ])("the setting %s=%s is refused", async (name, value) => {
    const { status, json } = await createWorld({ [name]: value }).get("/health");
    expect([status, json.errors[0].path]).toEqual([500, name]);
  });
});

it.each([
  ["/verify", "6 digits."],
  ["/reset-password", "6 or 8 digits."],
])("the field of %s says how many digits its codes have: %s", async (path, hint) => {
  const { text } = await createVisitor(createWorld()).get(path);

  expect(text).toContain(`<span id="otp-hint" class="hint">${hint}</span>`);
});
