/** The settings of the account: the profile, the ways to sign in, and what cannot be undone. */

import { type Context, Hono } from "hono";
import { ownFactors } from "../../auth/own-factors.ts";
import type { Factors } from "../../contract/factors.ts";
import type { AddressKind } from "../../contract/identifiers.ts";
import type { User } from "../../contract/user.ts";
import { followProfile } from "../../http/language-cookie.ts";
import { remember } from "../../http/page-cookies.ts";
import { fill } from "../../locales/fill.ts";
import { canonicalTag, nameOfLanguage, type PageMessages } from "../../locales/locales.ts";
import { updateAccountName } from "../../pages/account-name.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { AddressBadges } from "../../pages/address-badges.tsx";
import { counted, Identities, Passkeys, RecoveryCodes, Totp } from "../../pages/factor-rows.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { maskedAddress } from "../../pages/masked.ts";
import { translations } from "../../pages/page.tsx";
import { pendingAddress } from "../../pages/pending-address.ts";
import { providersOf } from "../../pages/provider-links.tsx";
import { readableAddress } from "../../pages/readable-address.ts";
import { Act, Row } from "../../pages/rows.tsx";
import { askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { codeSignsIn, offers } from "../../schemas/login-methods.ts";
import { currentUser } from "./account.ts";
import { FactorRemoval } from "./factor-removal-page.tsx";

export const overviewPages = new Hono<SignedInEnv>().get("/account", signedIn, async (c) => {
  const { deps, session } = c.var;
  const [user, factors] = await Promise.all([currentUser(deps, session), ownFactors(deps, session)]);
  return user.ok && factors.ok ? showAccount(c, user.value, factors.value) : askToSignIn(c);
});

/** Renders the settings of this user. */
export async function showAccount(c: Context<SignedInEnv>, user: User, factors: Factors) {
  updateAccountName(c, user);
  followProfile(c, user.locale);
  const t = await translations(c);
  const { notices, codeUsed } = t.factors;
  const { removal_due_at: removalDueAt } = factors;
  const isSafe = removalDueAt === null && (factors.totp || factors.passkeys > 0);
  const kept = isSafe && { factorsKept: t.factorRemoval.kept };
  const texts = {
    ...t.account.notices,
    ...notices,
    ...kept,
    otherAccount: t.social.otherAccount,
    codeUsed: counted(c, codeUsed, factors.recovery_codes_left),
  };
  const notice = Object.entries(texts).find(([name]) => name === c.req.query("notice"));
  const readable = (address: string) => readableAddress(address, c.var.deps.assets);
  const addresses = await Promise.all(
    (["email", "phone"] as const).map(async (kind) => {
      const { [kind]: address } = user;
      const pending = pendingAddress(c, kind, user.id)?.address;
      return {
        kind,
        address: address && (await readable(address)),
        pending: pending && maskedAddress(await readable(pending)),
      };
    }),
  );
  const hasOtherWay =
    factors.identities > 0 ||
    (factors.passkeys > 0 && offers(c.var.deps, "passkey")) ||
    codeSignsIn(c.var.deps, { email: user.email_verified, phone: user.phone_verified });
  const unproven = unprovenKind(user);
  // The page that verifies an account asks for the code of this address.
  if (unproven) remember(c, "identifier", user[unproven] ?? "");
  const children = (
    <>
      {notice && <Notice>{notice[1]}</Notice>}
      {removalDueAt && <FactorRemoval t={t} c={c} dueAt={removalDueAt} />}
      {unproven && (
        <p class="alert">
          {t.account.unverified} <a href="/verify">{t.verification.title}</a>
        </p>
      )}
      <Profile t={t} user={user} />
      <section class="card">
        <h2>{t.account.methods}</h2>
        <ul class="rows methods">
          {addresses.map((address) => (
            <Address t={t} user={user} {...address} />
          ))}
          <Row title={t.fields.username.label} value={user.username ?? t.account.notSet}>
            <Act
              href="/account/username"
              {...(user.username
                ? { label: t.account.username.change, text: t.account.acts.change }
                : { label: t.account.username.add })}
            />
          </Row>
          {offers(c.var.deps, "password") && (
            <Row
              title={t.fields.password.label}
              value={factors.password ? undefined : t.account.notSet}
              more={t.account.passwordPurpose}
            >
              <Act
                href="/account/password"
                {...(factors.password
                  ? { label: t.account.password, text: t.account.acts.change }
                  : { label: t.account.newPassword })}
              />
              {factors.password && hasOtherWay && (
                <Act
                  href="/account/password/remove"
                  label={t.account.passwordRemoval.title}
                  text={t.account.acts.remove}
                />
              )}
            </Row>
          )}
          {(factors.passkeys > 0 || offers(c.var.deps, "passkey")) && <Passkeys t={t} c={c} count={factors.passkeys} />}
          {(factors.identities > 0 || providersOf(c).length > 0) && (
            <Identities t={t} c={c} count={factors.identities} />
          )}
          <Totp t={t} c={c} totp={factors.totp} />
          {(factors.totp || factors.passkeys > 0) && <RecoveryCodes t={t} c={c} left={factors.recovery_codes_left} />}
        </ul>
      </section>
      <section class="card">
        <ul class="rows">
          <Row title={t.apps.title} value={t.apps.purpose}>
            <Act href="/account/apps" label={t.apps.manage} />
          </Row>
          {c.var.deps.config.API_KEYS === "on" && (
            <Row title={t.apiKeys.title} value={t.apiKeys.purpose}>
              <Act href="/account/api-keys" label={t.apiKeys.manage} />
            </Row>
          )}
        </ul>
      </section>
      <section class="card danger">
        <h2>{t.account.deletion.zone}</h2>
        <ul class="rows">
          <Row title={t.account.deletion.title} value={t.account.deletion.about}>
            <Act href="/account/delete" label={t.account.deletion.title} text={t.account.deletion.act} danger />
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
  return contact && user[contact] ? contact : user.email ? "email" : user.phone ? "phone" : undefined;
}

function Profile({ t, user }: { t: PageMessages; user: User }) {
  const { acts, profile, notSet, username } = t.account;
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ");
  const tag = canonicalTag(user.locale ?? "");
  return (
    <section class="card">
      <div class="head">
        <h2>{profile.title}</h2>
        <Act href="/account/profile" label={profile.change} text={acts.edit} />
      </div>
      <ul class="rows">
        <Row title={profile.name} value={name || notSet} />
        <Row title={t.fields.short_description.label} value={user.short_description ?? notSet} />
        <Row title={t.fields.locale.label} value={tag ? nameOfLanguage(tag) : profile.noPreference} />
        {user.email && user.phone && (
          <Row
            title={t.fields.contact.label}
            value={user.contact ? t.fields[user.contact].label : profile.noPreference}
          >
            <Act href="/account/username" label={username.contact} text={acts.change} />
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
  /** The address of this kind, for people. */
  address: string | null;
  /** The address to which it is about to change, masked. */
  pending: string | undefined;
}

function Address({ t, user, kind, address, pending }: AddressProps) {
  const { acts, [kind]: words, confirmation, notSet } = t.account;
  const isVerified = user[`${kind}_verified`];
  const path = `/account/${kind}`;
  return (
    <Row
      title={t.fields[kind].label}
      value={address ?? notSet}
      badges={address && <AddressBadges t={t} user={user} kind={kind} />}
      more={pending && fill(confirmation.pending, { address: pending })}
    >
      {pending && (
        <Act
          href={`${path}/confirm`}
          label={fill(t.common.labeled, { label: acts.enterCode, value: pending })}
          text={acts.enterCode}
        />
      )}
      {address && !isVerified && !pending && <Act href={path} label={words.verify} text={acts.verify} />}
      <Act href={path} {...(address ? { label: words.change, text: acts.change } : { label: words.add })} />
      {user.email && user.phone && <Act href={`${path}/remove`} label={words.remove} text={acts.remove} />}
    </Row>
  );
}
