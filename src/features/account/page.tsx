import { type Context, Hono } from "hono";
import { problem } from "../../http/problem.ts";
import { LOCALES } from "../../locales/locales.ts";
import type { PageWords } from "../../locales/words.ts";
import { AccountNav } from "../../pages/account-nav.tsx";
import { Choice, Field, Form, type FormState, Notice, TextArea } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { localeOf, sayingsOf, showPage } from "../../pages/page.tsx";
import { actionOf, askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { deviceName, timesIn } from "../../pages/texts.ts";
import type { User } from "../../schemas/user.ts";
import { changeOwnProfile, currentUser, ProfileChange } from "./account.ts";
import { ownEvents } from "./events.ts";

type PageContext = Context<SignedInEnv>;

const NOTICES = ["verified", "saved", "passwordChanged", "emailChanged", "phoneChanged", "otherUser"] as const;

export const accountPages = new Hono<SignedInEnv>()
  .get("/account", signedIn, async (c) => {
    const user = await currentUser(c.var.deps, c.var.auth);
    return user.ok ? showAccount(c, user.value) : askToSignIn(c);
  })
  .get("/account/profile", signedIn, async (c) => {
    const user = await currentUser(c.var.deps, c.var.auth);
    return user.ok ? showProfile(c, { values: textsOf(user.value) }) : askToSignIn(c);
  })
  .post("/account/profile", fromOwnPage, signedIn, async (c) => {
    const { values, parsed } = await readSubmitted(c, ProfileChange, null);
    const changed = parsed.ok ? await changeOwnProfile(c.var.deps, c.var.auth, parsed.value) : parsed;
    if (changed.ok) return c.redirect("/account?notice=saved", 303);
    return changed.code === "unauthenticated" ? askToSignIn(c) : showProfile(c, { values, failure: changed });
  })
  .get("/account/activity", signedIn, async (c) => {
    const events = await ownEvents(c.var.deps, c.var.auth);
    if (!events.ok) return events.code === "unauthenticated" ? askToSignIn(c) : problem(c, events);

    const say = sayingsOf(c);
    const timeOf = timesIn(localeOf(c));
    const children = (
      <>
        <AccountNav say={say} path={c.req.path} />
        <ul class="list">
          {events.value.events.map((event) => (
            <li>
              <div>
                <b>{say.events[event.type]}</b>
                <br />
                <small>
                  {timeOf(event.created_at)}, {deviceName(say, event.device)} {event.ip}
                </small>
              </div>
            </li>
          ))}
        </ul>
      </>
    );
    return showPage(c, { title: say.titles.activity, children });
  });

function showAccount(c: PageContext, user: User) {
  const say = sayingsOf(c);
  const notice = NOTICES.find((name) => name === c.req.query("notice"));
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  const children = (
    <>
      <AccountNav say={say} path={c.req.path} />
      {notice && <Notice>{say.notices[notice]}</Notice>}
      <dl>
        <Row title={say.sections.profile} href="/account/profile" action={say.actions.changeProfile}>
          {[name, user.username].filter(Boolean).join(", ") || say.texts.notGiven}
        </Row>
        <Row title={say.sections.email} href="/account/email" action={say.actions.changeEmail}>
          {addressOf(say, user.email, user.email_verified)}
        </Row>
        <Row title={say.sections.phone} href="/account/phone" action={say.actions.changePhone}>
          {addressOf(say, user.phone, user.phone_verified)}
        </Row>
        <Row title={say.sections.password} href="/account/password" action={say.actions.changePassword}>
          ••••••••
        </Row>
      </dl>
      {isUnverified(user) && (
        <p>
          <a href="/verify">{say.links.verify}</a>
        </p>
      )}
      <p>
        <a href="/account/delete">{say.sections.delete}</a>
      </p>
    </>
  );
  return showPage(c, { title: say.titles.account, children });
}

const isUnverified = (user: User) =>
  (user.email !== null && !user.email_verified) || (user.phone !== null && !user.phone_verified);

const addressOf = (say: PageWords, address: string | null, isVerified: boolean) =>
  address ? `${address} (${isVerified ? say.texts.verified : say.texts.notVerified})` : say.texts.notGiven;

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

function showProfile(c: PageContext, given: Omit<FormState, "say">) {
  const { values } = given;
  const { locale } = values;
  const say = sayingsOf(c);
  const form = { ...given, say };
  const contacts = { "": say.texts.noContact, email: say.fields.email, phone: say.fields.phone };
  // The user's own tag too, such as `de-CH`: it must not be lost.
  const tags = [...LOCALES, ...(locale ? [locale] : [])];
  const languages = Object.fromEntries(tags.map((tag) => [tag, nameOf(tag)]));
  const children = (
    <>
      <AccountNav say={say} path={c.req.path} />
      <Form {...form} action={actionOf(c, "/account/profile")} submit={say.actions.save}>
        <Field form={form} name="first_name" autocomplete="given-name" maxlength={100} />
        <Field form={form} name="last_name" autocomplete="family-name" maxlength={100} />
        <Field form={form} name="username" autocomplete="username" maxlength={32} />
        <TextArea form={form} name="short_description" maxlength={500} />
        <Choice form={form} name="contact" options={contacts} />
        <Choice form={form} name="locale" options={{ "": say.texts.noContact, ...languages }} />
      </Form>
    </>
  );
  return showPage(c, { title: say.sections.profile, failure: form.failure, children });
}

/** A language in its own words, as far as it has any here. */
const nameOf = (tag: string) => new Intl.DisplayNames([tag, "en"], { type: "language" }).of(tag) ?? tag;
