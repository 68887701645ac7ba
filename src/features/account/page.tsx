import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { User } from "../../contract/user.ts";
import { fail } from "../../http/answer.ts";
import { followProfile, setLanguage } from "../../http/language-cookie.ts";
import { canonicalTag, LOCALES, nameOfLanguage, type PageMessages, pickLocale } from "../../locales/locales.ts";
import { updateAccountName } from "../../pages/account-name.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { Choice, Field, type FormState, TextArea } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { localeOf, translations } from "../../pages/page.tsx";
import { askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { describeDevice, timesIn } from "../../pages/texts.ts";
import { parse } from "../../schemas/parse.ts";
import { changeOwnProfile, currentUser, PlainProfileChange } from "./account.ts";
import { EventQuery, ownEvents } from "./events.ts";

type PageContext = Context<SignedInEnv>;

const NOTICES = [
  "verified",
  "saved",
  "usernameChanged",
  "passwordChanged",
  "emailChanged",
  "phoneChanged",
  "emailRemoved",
  "phoneRemoved",
  "otherUser",
] as const;

const overviewPages = new Hono<SignedInEnv>()
  .get("/account", signedIn, async (c) => {
    const user = await currentUser(c.var.deps, c.var.session);
    return user.ok ? showAccount(c, user.value) : askToSignIn(c);
  })
  .get("/account/activity", signedIn, async (c) => {
    const query = parse(EventQuery, c.req.query());
    if (!query.ok) return fail(c, query);
    const listed = await ownEvents(c.var.deps, c.var.session, query.value);
    if (!listed.ok) return listed.code === "unauthenticated" ? askToSignIn(c) : fail(c, listed);

    const { events, next_cursor } = listed.value;
    const t = await translations(c);
    const timeOf = timesIn(localeOf(c));
    const children = (
      <>
        <section class="card">
          <ul class="rows">
            {events.map((event) => (
              <li>
                <div class="value">
                  <p class="title">{t.events.byType[event.type]}</p>
                  <p class="soft">
                    {timeOf(event.created_at)}, {describeDevice(t, event.device)} {event.ip}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </section>
        {next_cursor && (
          <p>
            <a href={`/account/activity?${new URLSearchParams({ cursor: next_cursor })}`}>{t.events.older}</a>
          </p>
        )}
      </>
    );
    return showAccountPage(c, { title: t.events.title, children });
  });

async function showAccount(c: PageContext, user: User) {
  updateAccountName(c, user);
  followProfile(c, user.locale);
  const t = await translations(c);
  const notice = NOTICES.find((name) => name === c.req.query("notice"));
  const hasBoth = user.email !== null && user.phone !== null;
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  const children = (
    <>
      {notice && <Notice>{t.account.notices[notice]}</Notice>}
      <section class="card">
        <dl class="rows">
          <Row title={t.account.profile.title} href="/account/profile" action={t.account.profile.change}>
            {name || t.account.notSet}
          </Row>
          <Row title={t.account.username.title} href="/account/username" action={t.account.username.change}>
            {user.username ?? t.account.notSet}
          </Row>
          <Row
            title={t.account.email.title}
            href="/account/email"
            action={t.account.email.change}
            more={hasBoth && <RemovalLink href="/account/email/remove" text={t.account.email.remove} />}
          >
            {addressOf(t, user.email, user.email_verified)}
          </Row>
          <Row
            title={t.account.phone.title}
            href="/account/phone"
            action={t.account.phone.change}
            more={hasBoth && <RemovalLink href="/account/phone/remove" text={t.account.phone.remove} />}
          >
            {addressOf(t, user.phone, user.phone_verified)}
          </Row>
          <Row title={t.account.password.title} href="/account/password" action={t.account.password.change}>
            ••••••••
          </Row>
        </dl>
      </section>
      {isUnproven(user) && (
        <p>
          <a href="/verify">{t.verification.title}</a>
        </p>
      )}
      <p>
        <a href="/account/delete">{t.account.deletion.title}</a>
      </p>
    </>
  );
  return showAccountPage(c, { title: t.account.title, children });
}

/** Once an address is proven, another one is confirmed by the form that changes it. */
const isUnproven = (user: User) => !user.email_verified && !user.phone_verified;

const RemovalLink = ({ href, text }: { href: string; text: string }) => (
  <a class="button secondary danger small" href={href}>
    {text}
  </a>
);

const addressOf = (t: PageMessages, address: string | null, isVerified: boolean) =>
  address ? `${address} (${isVerified ? t.account.verified : t.account.notVerified})` : t.account.notSet;

interface RowProps {
  title: string;
  href: string;
  action: string;
  /** Content below the link. */
  more?: Child;
  children: string;
}

const Row = ({ title, href, action, more, children }: RowProps) => (
  <div>
    <div class="value">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
    <dd class="acts">
      {more}
      <a class="button secondary small" href={href}>
        {action}
      </a>
    </dd>
  </div>
);

const profilePage = accountFormPage("/account/profile", {
  title: (t) => t.account.profile.title,
  async open(c) {
    const user = await currentUser(c.var.deps, c.var.session);
    if (!user.ok) return askToSignIn(c);

    const { first_name, last_name, short_description, locale } = user.value;
    return { first_name, last_name, short_description, locale: canonicalTag(locale ?? "") };
  },
  fields: ProfileFields,
  submit: (t) => t.account.profile.save,
  schema: PlainProfileChange,
  // An emptied field clears what is stored.
  empty: null,
  async act(c, input) {
    const changed = await changeOwnProfile(c.var.deps, c.var.session, input);
    if (!changed.ok) return changed;

    const language = pickLocale([changed.value.locale ?? ""]);
    if (language) setLanguage(c, language, true);
    return c.redirect("/account?notice=saved", 303);
  },
});

export const accountPages = new Hono<SignedInEnv>().route("/", overviewPages).route("/", profilePage);

function ProfileFields(form: FormState) {
  const { t } = form;
  const tag = canonicalTag(form.values["locale"] ?? "");
  // Offer the stored tag too, such as `de-CH`, so that saving keeps it.
  const languages = Object.fromEntries([...LOCALES, ...(tag ? [tag] : [])].map((each) => [each, nameOfLanguage(each)]));
  return (
    <>
      <Field form={form} name="first_name" autocomplete="given-name" maxlength={100} />
      <Field form={form} name="last_name" autocomplete="family-name" maxlength={100} />
      <TextArea form={form} name="short_description" maxlength={500} />
      <Choice form={form} name="locale" options={{ "": t.account.profile.noPreference, ...languages }} />
    </>
  );
}
