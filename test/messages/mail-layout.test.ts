import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { BACKGROUNDS, brandColors, contrastOf } from "../../src/config/brand-color.ts";
import { NOTICE_KINDS } from "../../src/contract/messages.ts";
import { createIsolateDeps, type Deps } from "../../src/deps.ts";
import { JANE } from "../../src/http/examples.ts";
import { en } from "../../src/locales/en/en.ts";
import { LOCALES } from "../../src/locales/locales.ts";
import { messagesIn } from "../../src/locales/messages-in.ts";
import { composeMail } from "../../src/messages/compose.ts";
import { type Content, toHtml } from "../../src/messages/mail-layout.ts";
import { NO_COOLDOWN, outbox, received } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { createWorldWithJane } from "../support/world.ts";

type Kind = keyof typeof en.mails;

const CODE = "71888412";
const LINK = `https://auth.test/reset-password?token=${"x".repeat(43)}&a=b`;
const HOSTILE = `"><img src=x onerror='a()'>&`;
const KINDS = Object.keys(en.mails) as Kind[];
const isNotice = (kind: Kind) => NOTICE_KINDS.some((notice) => notice === kind);
const CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0";

/** Composes the mail of a kind, with settings besides the defaults. */
async function compose(kind: Kind, locale: (typeof LOCALES)[number] = "en", settings = {}, userAgent = CHROME) {
  const isolate = await createIsolateDeps({ ...env, MAIL_REPLY_TO: "Help <help@auth.test>", ...settings });
  if (!isolate.ok) throw new Error(isolate.code);
  const isLink = kind.endsWith("-link");
  const code = !isLink && /-code$|verification$|change$/.test(kind) ? CODE : "";
  const secret = { code, link: isLink || kind === "login-code" ? LINK : "", minutes: 10 };
  const occurrence = isNotice(kind) ? { createdAt: 0, ip: "2001:db8::/64", userAgent } : undefined;
  const messages = await messagesIn(env.ASSETS, locale);
  return { ...composeMail(isolate.value as Deps, kind, messages, { secret, minutes: "10", occurrence }), secret };
}

/** The visible text of an HTML part. */
const shown = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<title>.*?<\/title>|<div style="display:none.*?<\/div>/gs, "")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
    .split(/\n+/)
    .map((line) => line.trim())
    .filter(Boolean);

describe.each(LOCALES.flatMap((locale) => KINDS.map((kind) => [locale, kind] as const)))(
  "in %s, %s",
  (locale, kind) => {
    it("says the same in text and HTML, in the same order, with a code, one button, or both", async () => {
      const { text, html, secret } = await compose(kind, locale);
      const { fallback } = (await messagesIn(env.ASSETS, locale)).mailParts;

      const spoken = text.replace(new RegExp(`^${CODE} .*`, "m"), CODE).replace(/:\n/g, "\n");
      let position = 0;
      // The first line is the brand, which the text part has at its end.
      for (const line of shown(html).slice(1)) {
        const label = line.replace(/:$/, "");
        if (line === fallback) continue;
        expect([label, spoken.indexOf(label, position)]).toEqual([label, expect.not.toSatisfy((at: number) => at < 0)]);
        position = spoken.indexOf(label, position) + label.length;
      }
      const links = [...html.matchAll(/href="(.*?)"/g)].map(([, href = ""]) => href.replaceAll("&#38;", "&"));
      expect(links.length).toBe(secret.code && !secret.link ? 0 : 2);
      expect(new Set(links).size).toBeLessThanOrEqual(1);
      for (const href of links) expect(text.split("\n")).toContain(href.replace("mailto:", ""));
    });

    it("has a preview without a secret, a heading, dark colors, and no external resource", async () => {
      const { html, subject } = await compose(kind, locale);

      const preview = /<div style="display:none;mso-hide:all">(.*?)<\/div>/s.exec(html)?.[1] ?? "";
      expect(preview).toMatch(/^[^&<>]{10,90}(&zwnj;&nbsp;){50,}$/);
      expect([preview.includes(subject), /\d{4}|http/.test(preview)]).toEqual([false, false]);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html).toContain('<meta name="color-scheme" content="light dark">');
      expect(html).toContain("@media(prefers-color-scheme:dark){");
      expect(html.match(/<table/g)).toHaveLength(html.match(/<table role="presentation"/g)?.length ?? 0);
      expect(html).not.toMatch(/\{\w+\}|src=|url\(|<link|@import|<script/);
      expect(new TextEncoder().encode(html).length).toBeLessThan(20_000);
    });
  },
);

describe("the layout of a mail", () => {
  const content = (colors = brandColors("#1a56db")): Content => ({
    language: HOSTILE,
    direction: "ltr" as const,
    heading: HOSTILE,
    preheader: HOSTILE,
    labeled: "{label}: {value}",
    blocks: [
      { paragraph: HOSTILE },
      { code: HOSTILE, sentence: HOSTILE },
      { facts: [[HOSTILE, HOSTILE]] },
      { button: HOSTILE, href: HOSTILE, fallback: HOSTILE },
    ],
    brand: { name: HOSTILE, logo: HOSTILE, colors },
    sender: HOSTILE,
  });

  it("escapes every value", () => {
    const html = toHtml(content());

    expect(html).not.toContain("onerror='");
    expect(html.match(/<img /g)).toHaveLength(1);
    expect(html.match(/&#34;&#62;&#60;img src=x onerror=&#39;a\(\)&#39;&#62;&#38;/g)).toHaveLength(17);
  });

  it.each(["#ffff00", "#ffffff", "#000000", "#1a56db", "#808080"])("can be read with the brand color %s", (color) => {
    const colors = brandColors(color);
    const html = toHtml(content(colors));

    const [, style = ""] = /<style>(.*?)<\/style>/.exec(html) ?? [];
    const dark = (name: string) => new RegExp(`\\.${name}\\{\\w+:(#\\w{6})`).exec(style)?.[1] ?? "";
    const [surface, tint] = [/<body class="s" bgcolor="(.*?)"/, /class="c t" bgcolor="(.*?)"/].map(
      (pattern) => pattern.exec(html)?.[1] ?? "",
    );
    expect([surface, tint, dark("s")]).toEqual([...BACKGROUNDS.light, BACKGROUNDS.dark[0]]);
    const pairs = [
      ...["#1c1917", "#57534e"].flatMap((text) => [surface, tint].map((background) => [text, background])),
      ...["t", "f"].flatMap((text) => ["s", "c"].map((background) => [dark(text), dark(background)])),
      [colors.light.text, surface],
      [dark("a"), dark("s")],
      [colors.light.onFill, colors.light.fill],
      [colors.dark.onFill, dark("b")],
    ] as [string, string][];
    for (const [text, background] of pairs) expect(contrastOf(text, background)).toBeGreaterThanOrEqual(4.5);
    expect(html).toContain("#57534e");
  });

  it("shows the logo of the brand only from an https URL, else its name", async () => {
    const BRAND_NAME = "Acme";
    const headers = await Promise.all(
      [{}, { BRAND_LOGO_URL: "data:image/png;base64,AA==" }, { BRAND_LOGO_URL: "https://acme.test/logo.png" }].map(
        async (logo) => (await compose("verification", "en", { BRAND_NAME, ...logo })).html,
      ),
    );

    expect(headers.map((html) => /font-weight:700">(.*?)<\/p>/.exec(html)?.[1])).toEqual([
      "Acme",
      "Acme",
      '<img src="https://acme.test/logo.png" alt="Acme" height="32">',
    ]);
    expect(headers[0]).toContain("Sent by Acme · auth.test</p>");
  });

  it("has no button where nobody can be written to", async () => {
    const { html, text } = await compose("account-deleted", "en", { MAIL_REPLY_TO: "" });

    expect([html.includes("href"), text.includes("This wasn't me")]).toEqual([false, false]);
  });
});

describe("a notice", () => {
  it.each(NOTICE_KINDS)("of a service without passwords does not advise to reset or change one: %s", async (kind) => {
    const { text } = await compose(kind, "en", { LOGIN_METHODS: "passkey" });
    expect(text).not.toMatch(/(reset|change) (your|the) password|forgot-password/i);
  });

  it.each([
    [CHROME, "Chrome on Windows"],
    ["win-at-evil.test/1 (iPhone; iOS 18)", "iOS"],
    ["Mozilla/5.0 Call evil.test/1 now", "Unknown device"],
  ])("names the device of %s by known names only", async (userAgent, device) => {
    const { text, html } = await compose("username-changed", "en", {}, userAgent);

    expect(text).toContain(`\nDevice: ${device}\nNetwork: 2001:db8::/64\n`);
    expect(html).not.toContain("evil");
  });

  it("says when, from which device and network, and where to act, on this service without a secret", async () => {
    const { world, login } = await createWorldWithJane({ ...NO_COOLDOWN, FRONTEND_URL: "https://app.test" });
    const { access_token: token } = await login();
    const body = { old_password: PASSWORD, new_password: FRESH_PASSWORD };
    const headers = { "user-agent": CHROME, "cf-connecting-ip": "203.0.113.7" };
    await world.call("POST", "/auth/change-password", { token, body, headers });
    await world.flush();

    const { to, text } = await outbox.only();
    expect(to).toBe(JANE.email);
    expect(text).toMatch(/\nWhen: .* UTC\nDevice: Chrome on Windows\nNetwork: 203\.0\.113\.7\n/);
    expect(text).toContain("\n\nThis wasn't me:\nhttps://auth.test/forgot-password\n");
    const { html } = JSON.parse((await received())[0]!.body);
    expect(html).toContain('href="https://auth.test/forgot-password"');
  });
});
