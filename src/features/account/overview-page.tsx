/** The settings of the account: the profile, the ways to sign in, and what cannot be undone. */
import { type Context, Hono } from "hono";
import type { Child, PropsWithChildren } from "hono/jsx";
import type { AddressKind } from "../../contract/identifiers.ts";
import type { User } from "../../contract/user.ts";
import { fill } from "../../locales/fill.ts";
import { canonicalTag, type PageMessages } from "../../locales/locales.ts";
import { updateAccountName } from "../../pages/account-name.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { remember } from "../../pages/cookies.ts";
import { Notice } from "../../pages/form-parts.tsx";
import { languageName } from "../../pages/language-name.ts";
import { maskedAddress } from "../../pages/masked.ts";
import { translations } from "../../pages/page.tsx";
import { pendingAddress } from "../../pages/pending-address.ts";
import { readableAddress } from "../../pages/readable-address.ts";
import { askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { currentUser } from "./account.ts";

const NOTICES = [
  "verified",
  "saved",
  "usernameChanged",
  "passwordChanged",
  "emailConfirmed",
  "phoneConfirmed",
  "emailRemoved",
  "phoneRemoved",
  "otherUser",
] as const;

export const overviewPages = new Hono<SignedInEnv>().get("/account", signedIn, async (c) => {
  const user = await currentUser(c.var.deps, c.var.session);
  return user.ok ? showAccount(c, user.value) : askToSignIn(c);
});

async function showAccount(c: Context<SignedInEnv>, user: User) {
  updateAccountName(c, user);
  const t = await translations(c);
  const notice = NOTICES.find((name) => name === c.req.query("notice"));
  const unproven = unprovenKind(user);
  // The page that verifies an account asks for the code of this address.
  if (unproven) remember(c, "identifier", user[unproven] ?? "");
  const children = (
    <>
      {notice && <Notice>{t.account.notices[notice]}</Notice>}
      {unproven && (
        <div class="alert">
          <p>{t.account.unverified.text}</p>
          <p>
            <a href="/verify">{t.account.unverified.link}</a>
          </p>
        </div>
      )}
      <Profile t={t} user={user} />
      <section class="card">
        <h2>{t.account.methods}</h2>
        <ul class="rows">
          {(["email", "phone"] as const).map((kind) => (
            <Address
              t={t}
              user={user}
              kind={kind}
              verifyAt={kind === unproven ? "/verify" : `/account/${kind}`}
              pending={pendingAddress(c, kind, user.id)?.address}
            />
          ))}
          <Row title={t.account.username.title} value={user.username ?? t.account.notSet}>
            <Act href="/account/username" label={t.account.username[user.username ? "change" : "add"]}>
              {user.username ? t.account.acts.change : t.account.username.add}
            </Act>
          </Row>
          <Row title={t.account.password.title}>
            <Act href="/account/password" label={t.account.password.change}>
              {t.account.acts.change}
            </Act>
          </Row>
        </ul>
      </section>
      <section class="card danger">
        <h2>{t.account.deletion.zone}</h2>
        <ul class="rows">
          <Row title={t.account.deletion.title} value={t.account.deletion.summary}>
            <Act href="/account/delete" label={t.account.deletion.title} danger>
              {t.account.deletion.act}
            </Act>
          </Row>
        </ul>
      </section>
    </>
  );
  return showAccountPage(c, { title: t.account.title, children });
}

/** Returns which address `/verify` proves, if the account has no proven one. */
function unprovenKind({ contact, ...user }: User): AddressKind | undefined {
  if (user.email_verified || user.phone_verified) return undefined;
  return contact && user[contact] ? contact : user.email ? "email" : "phone";
}

function Profile({ t, user }: { t: PageMessages; user: User }) {
  const { acts, profile, notSet, username } = t.account;
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  const tag = canonicalTag(user.locale ?? "");
  return (
    <section class="card">
      <div class="head">
        <h2>{profile.title}</h2>
        <Act href="/account/profile" label={profile.change}>
          {acts.edit}
        </Act>
      </div>
      <ul class="rows">
        <Row title={profile.name} value={name || notSet} />
        <Row title={t.fields.short_description.label} value={user.short_description ?? notSet} />
        <Row title={profile.language} value={tag ? languageName(tag) : profile.noPreference} />
        {user.email && user.phone && (
          <Row
            title={t.fields.contact.label}
            value={user.contact ? t.account[user.contact].title : profile.noPreference}
          >
            <Act href="/account/username" label={username.contact}>
              {acts.change}
            </Act>
          </Row>
        )}
      </ul>
    </section>
  );
}

interface AddressProps {
  t: PageMessages;
  user: User;
  kind: AddressKind;
  verifyAt: string;
  /** The address to which it is about to change. */
  pending: string | undefined;
}

function Address({ t, user, kind, verifyAt, pending }: AddressProps) {
  const { acts, [kind]: words, verified, notVerified, preferred, confirmation, notSet } = t.account;
  const address = user[kind];
  const isVerified = user[`${kind}_verified`];
  const path = `/account/${kind}`;
  const sent = pending && maskedAddress(pending);
  return (
    <Row
      title={words.title}
      value={address ? readableAddress(address) : notSet}
      badges={
        address && (
          <>
            <span class={isVerified ? "badge success" : "badge"}>{isVerified ? verified : notVerified}</span>{" "}
            {user.contact === kind && <span class="badge">{preferred}</span>}
          </>
        )
      }
      more={sent && fill(confirmation.pending, { address: sent })}
    >
      {sent && (
        <Act href={`${path}/confirm`} label={`${acts.enterCode}: ${sent}`}>
          {acts.enterCode}
        </Act>
      )}
      {address && !isVerified && !sent && (
        <Act href={verifyAt} label={words.verify}>
          {acts.verify}
        </Act>
      )}
      <Act href={path} label={address ? words.change : words.add}>
        {address ? acts.change : words.add}
      </Act>
      {user.email && user.phone && (
        <Act href={`${path}/remove`} label={words.remove} danger>
          {acts.remove}
        </Act>
      )}
    </Row>
  );
}

interface RowProps {
  title: string;
  value?: Child;
  badges?: Child;
  /** A second line. */
  more?: Child;
}

/** A row of settings. Its children are its buttons. */
const Row = ({ title, value, badges, more, children }: PropsWithChildren<RowProps>) => (
  <li>
    <div class="value">
      <p class="title">
        {title} {badges}
      </p>
      {value && <p class="soft">{value}</p>}
      {more && <p class="soft">{more}</p>}
    </div>
    {children && <div class="acts">{children}</div>}
  </li>
);

interface ActProps {
  href: string;
  /** The full text, for those who do not see the row. It contains the visible one. */
  label: string;
  danger?: boolean;
}

const Act = ({ href, label, danger, children }: PropsWithChildren<ActProps>) => (
  <a class={`button secondary small${danger ? " danger" : ""}`} href={href} aria-label={label}>
    {children}
  </a>
);
