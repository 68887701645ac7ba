import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { en } from "../src/locales/en/en.ts";
import { DEFAULT_LOCALE, LOCALES } from "../src/locales/locales.ts";
import { messagesIn } from "../src/locales/messages-in.ts";
import { textsIn } from "./support/texts.ts";

/** Texts that are the same word in English, by their paths. */
const SHARED: Record<string, string[]> = {
  de: [
    "pages.common.labeled",
    "pages.fields.otp.label",
    "pages.fields.code.label",
    "pages.fields.name.label",
    "pages.account.profile.name",
    "pages.passkeys.title",
  ],
  es: ["pages.common.labeled", "pages.errors.titlePrefix"],
  fr: [
    "units.minutes",
    "pages.fields.otp.label",
    "pages.fields.code.label",
    "pages.account.nav.sessions",
    "pages.service.docs",
  ],
};

/** Texts of buttons, navigation and labels, which have to fit into a phone's width. */
const SHORT =
  /\.(submit|button|save|request|cancel|act|add|end|endOthers|endOthersNow|stay|show|hide|signIn|tryAgain)$|\.(acts|nav|groups)\./;

describe.each(LOCALES)("in %s", (locale) => {
  it.skipIf(locale === DEFAULT_LOCALE)("no text was left in English", async () => {
    const english = new Map(textsIn(en));
    const equal = textsIn(await messagesIn(env.ASSETS, locale)).filter(([path, text]) => english.get(path) === text);

    expect(equal.map(([path]) => path).sort()).toEqual(SHARED[locale]?.toSorted());
  });

  it("the texts of buttons and navigation fit into the width of a phone", async () => {
    const texts = textsIn(await messagesIn(env.ASSETS, locale)).filter(([path]) => SHORT.test(path));

    // Those of "add" stand in a row of settings, in a smaller box.
    expect(texts.filter(([path, text]) => text.length > (path.endsWith(".add") ? 28 : 32))).toEqual([]);
    expect(texts.length).toBeGreaterThan(40);
  });
});

it("in French, no line starts with a punctuation mark, and a text to a phone is one SMS", async () => {
  const { mails, ...words } = await messagesIn(env.ASSETS, "fr");
  const texts = Object.values(mails).map(({ text = "" }) => text);
  const shown = Object.entries(mails).map(([kind, { text: _, ...mail }]) => [kind, mail]);

  const tight = /[^\u202f][:;?!»](?!\/)|«[^\u202f]/;
  const others = textsIn({ ...words, mails: Object.fromEntries(shown) });
  expect(others.filter(([, text]) => tight.test(text))).toEqual([]);
  // The GSM alphabet. Any other letter makes two messages of one.
  expect(texts.join("").replace(/[\w .,:'{}èéùà-]/g, "")).toBe("");
});
