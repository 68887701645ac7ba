import { describe, expect, it } from "vitest";
import { DEFAULT_LOCALE, LOCALES } from "../../src/locales/locales.ts";
import { WORDS } from "../../workers/admin/src/locales/locales.ts";
import { createConsole } from "../support/console.ts";
import { insertIdentity } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { textsIn } from "../support/texts.ts";

const NASTY = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "' onfocus='alert(1)' autofocus='",
  "</title></textarea><svg/onload=alert(1)>",
  "&lt;script&gt;",
];

/** Counts the tags of a page. Stored text must not add any. */
const tagsIn = (html: string) => html.split("<").length;

it("names, reasons and queries with markup are shown as text on every page", async () => {
  const { world, visitor, act, page, jane } = await createConsole();
  const { value } = await administer(world, "createClient", { client_name: "x", redirect_uris: ["https://a.example"] });
  const client = `/admin/clients/${value.client_id}`;
  await insertIdentity(jane.id);
  const show = async (text: string) => {
    // Each change adds an event to the page.
    await world.env.DB.exec("delete from audit_events");
    const profile = { first_name: text, last_name: text, short_description: text };
    await administer(world, "updateUser", jane.id, profile);
    await administer(world, "updateClient", value.client_id, { client_name: text });
    await world.env.DB.prepare("update identities set email = ?, provider = ?").bind(text, text).run();
    await world.env.DB.prepare("update audit_events set reason = ?, actor_id = ?, user_agent = ?, caller = ?")
      .bind(text, text, text, text)
      .run();
    const about = new URLSearchParams({ name: text, address: text, identity: text, key: text, notice: text });
    const query = new URLSearchParams({ query: text, cursor: "x", trail: text, notice: text });
    const pages = await Promise.all(
      [
        page,
        `${page}/edit`,
        `${page}/unlink?${about}`,
        "/admin/users",
        `/admin/users?${query}`,
        "/admin/clients",
        client,
        `${client}/edit`,
        `${client}/delete?${about}`,
        `${client}/revoke-key?${about}`,
      ].map((path) => visitor.get(path)),
    );
    const refused = await act(`${page}/roles`, { roles: text, reason: text });
    return [...pages, refused].map(({ status, text: html }) => [status, tagsIn(html)]);
  };

  const plain = await show("Plain text");
  for (const text of NASTY) expect([text, await show(text)]).toEqual([text, plain]);
}, 60_000);

/** Texts that are the same word in English, by their paths. */
const SHARED: Record<string, string[]> = {
  de: ["fields.client_name.label"],
  es: ["user.roles", "fields.roles.label"],
  fr: [],
};

const placeholdersIn = (words: object) =>
  Object.fromEntries(textsIn(words).map(([path, text]) => [path, (text.match(/{\w*}?/g) ?? []).sort()]));

describe.each(LOCALES)("in %s", (locale) => {
  const words = WORDS[locale].admin;

  it("each text of English exists, with its placeholders, and none is empty or left in English", () => {
    const english = new Map(textsIn(WORDS.en.admin));
    expect(placeholdersIn(words)).toEqual(placeholdersIn(WORDS.en.admin));
    expect(JSON.stringify(words)).not.toContain('""');
    const equal = textsIn(words).filter(([path, text]) => english.get(path) === text);
    if (locale !== DEFAULT_LOCALE) expect(equal.map(([path]) => path).sort()).toEqual(SHARED[locale]?.toSorted());
  });

  it("the texts of buttons and navigation fit into the width of a phone", () => {
    const short = textsIn(words).filter(([path]) => /\.act$|^nav\.|^(save|cancel)$/.test(path));

    expect(short.filter(([, text]) => text.length > 32)).toEqual([]);
  });
});
