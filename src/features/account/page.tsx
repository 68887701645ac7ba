import { type Context, Hono } from "hono";
import type { User } from "../../contract/user.ts";
import { fail } from "../../http/answer.ts";
import { LOCALES } from "../../locales/locales.ts";
import type { PageMessages } from "../../locales/messages.ts";
import { AccountNav } from "../../pages/account-nav.tsx";
import { Choice, Field, Form, type FormState, Notice, TextArea } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { localeOf, showPage, translations } from "../../pages/page.tsx";
import { actionOf, askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { describeDevice, timesIn } from "../../pages/texts.ts";
import { changeOwnProfile, currentUser, ProfileChange } from "./account.ts";
import { ownEvents } from "./events.ts";

type PageContext = Context<SignedInEnv>;

const NOTICES = ["verified", "saved", "passwordChanged", "emailChanged", "phoneChanged", "otherUser"] as const;

export const accountPages = new Hono<SignedInEnv>()
  .get("/account", signedIn, async (c) => {
    const user = await currentUser(c.var.deps, c.var.session);
    return user.ok ? showAccount(c, user.value) : askToSignIn(c);
  })
  .get("/account/profile", signedIn, async (c) => {
    const user = await currentUser(c.var.deps, c.var.session);
    return user.ok ? showProfile(c, { values: textsOf(user.value) }) : askToSignIn(c);
  })
  .post("/account/profile", fromOwnPage, signedIn, async (c) => {
    const { values, parsed } = await readSubmitted(c, ProfileChange, null);
    const changed = parsed.ok ? await changeOwnProfile(c.var.deps, c.var.session, parsed.value) : parsed;
    if (changed.ok) return c.redirect("/account?notice=saved", 303);
    return changed.code === "unauthenticated" ? askToSignIn(c) : showProfile(c, { values, failure: changed });
  })
  .get("/account/activity", signedIn, async (c) => {
    const events = await ownEvents(c.var.deps, c.var.session);
    if (!events.ok) return events.code === "unauthenticated" ? askToSignIn(c) : fail(c, events);

    const t = translations(c);
    const timeOf = timesIn(localeOf(c));
    const children = (
      <>
        <AccountNav t={t} path={c.req.path} />
        <ul class="list">
          {events.value.events.map((event) => (
            <li>
              <div>
                <b>{t.events[event.type]}</b>
                <br />
                <small>
                  {timeOf(event.created_at)}, {describeDevice(t, event.device)} {event.ip}
                </small>
              </div>
            </li>
          ))}
        </ul>
      </>
    );
    return showPage(c, { title: t.titles.activity, children });
  });

function showAccount(c: PageContext, user: User) {
  const t = translations(c);
  const notice = NOTICES.find((name) => name === c.req.query("notice"));
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  const children = (
    <>
      <AccountNav t={t} path={c.req.path} />
      {notice && <Notice>{t.notices[notice]}</Notice>}
      <dl>
        <Row title={t.sections.profile} href="/account/profile" action={t.actions.changeProfile}>
          {[name, user.username].filter(Boolean).join(", ") || t.texts.notGiven}
        </Row>
        <Row title={t.sections.email} href="/account/email" action={t.actions.changeEmail}>
          {addressOf(t, user.email, user.email_verified)}
        </Row>
        <Row title={t.sections.phone} href="/account/phone" action={t.actions.changePhone}>
          {addressOf(t, user.phone, user.phone_verified)}
        </Row>
        <Row title={t.sections.password} href="/account/password" action={t.actions.changePassword}>
          ••••••••
        </Row>
      </dl>
      {isUnverified(user) && (
        <p>
          <a href="/verify">{t.links.verify}</a>
        </p>
      )}
      <p>
        <a href="/account/delete">{t.sections.delete}</a>
      </p>
    </>
  );
  return showPage(c, { title: t.titles.account, children });
}

const isUnverified = (user: User) =>
  (user.email !== null && !user.email_verified) || (user.phone !== null && !user.phone_verified);

const addressOf = (t: PageMessages, address: string | null, isVerified: boolean) =>
  address ? `${address} (${isVerified ? t.texts.verified : t.texts.notVerified})` : t.texts.notGiven;

interface RowProps {
  title: string;
  href: string;
  action: string;
  children: string;
}

const Row = ({ title, href, action, children }: RowProps) => (
  <div>
    <dt>{title}</dt>
    <dd>
      {children}
      <br />
      <a href={href}>{action}</a>
    </dd>
  </div>
);

/** A profile as a form holds it. */
const textsOf = ({ username, first_name, last_name, short_description, contact, locale }: User) => ({
  username,
  first_name,
  last_name,
  short_description,
  contact,
  locale,
});

function showProfile(c: PageContext, given: Omit<FormState, "t">) {
  const { values } = given;
  const { locale } = values;
  const t = translations(c);
  const form = { ...given, t };
  const contacts = { "": t.texts.noPreference, email: t.fields.email, phone: t.fields.phone };
  // The user's own tag too, such as `de-CH`: it must not be lost.
  const tags = [...LOCALES, ...(locale ? [locale] : [])];
  const languages = Object.fromEntries(tags.map((tag) => [tag, nameOf(tag)]));
  const children = (
    <>
      <AccountNav t={t} path={c.req.path} />
      <Form {...form} action={actionOf(c, "/account/profile")} submit={t.actions.save}>
        <Field form={form} name="first_name" autocomplete="given-name" maxlength={100} />
        <Field form={form} name="last_name" autocomplete="family-name" maxlength={100} />
        <Field form={form} name="username" autocomplete="username" maxlength={32} />
        <TextArea form={form} name="short_description" maxlength={500} />
        <Choice form={form} name="contact" options={contacts} />
        <Choice form={form} name="locale" options={{ "": t.texts.noPreference, ...languages }} />
      </Form>
    </>
  );
  return showPage(c, { title: t.sections.profile, failure: form.failure, children });
}

/** A language in its own words, as far as it has any here. */
const nameOf = (tag: string) => new Intl.DisplayNames([tag, "en"], { type: "language" }).of(tag) ?? tag;
