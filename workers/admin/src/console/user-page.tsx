/** The page of one user: profile, addresses, ways to sign in, API keys and events. */

import { Hono } from "hono";
import type { Child } from "hono/jsx";
import type { AccountEventList } from "../../../../src/contract/events.ts";
import type { Identity } from "../../../../src/contract/factors.ts";
import type { AddressKind } from "../../../../src/contract/identifiers.ts";
import type { Account } from "../../../../src/contract/user.ts";
import { canonicalTag, nameOfLanguage } from "../../../../src/locales/locales.ts";
import { AddressBadges } from "../../../../src/pages/address-badges.tsx";
import { Row } from "../../../../src/pages/rows.tsx";
import { timesIn } from "../../../../src/pages/time.tsx";
import { err } from "../../../../src/result.ts";
import type { Words } from "../locales/locales.ts";
import { DoneNotice } from "./act-form.tsx";
import { ApiKeys, findApiKeys } from "./api-keys.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { Events } from "./events.tsx";
import { failurePage, showPage } from "./layout.tsx";
import { nameOf } from "./names.ts";
import { Pages } from "./paging.tsx";
import { findUser, UserActLink, type UserActName } from "./user-acts.tsx";
import { Badges, fullNameOf } from "./users-page.tsx";

type TimeOf = (iso: string) => Child;

export const userPage = new Hono<ConsoleEnv>().get("/users/:id", async (c) => {
  const { t, locale, administrator } = c.var;
  const { ADMIN } = c.env;
  const id = c.req.param("id");
  const { cursor, notice } = c.req.query();
  const [found, identities, keys, events] = await Promise.all([
    findUser(ADMIN, id),
    ADMIN.listIdentities(id),
    findApiKeys(ADMIN, { user_id: id }),
    ADMIN.listEvents({ id, cursor: cursor || null }),
  ]);
  for (const list of [found, identities, keys, events]) if (!list.ok) return failurePage(c, list);
  if (!(found.ok && identities.ok && keys.ok && events.ok)) return failurePage(c, err("internal_error"));
  const user = found.value;
  const timeOf = timesIn(locale);
  const children = (
    <>
      <DoneNotice text={notice === "create" ? t.admin.users.created : t.admin.acts[notice as UserActName]?.done} />
      <Profile t={t} user={user} timeOf={timeOf} />
      <SignIn t={t} user={user} identities={identities.value.identities} />
      <ApiKeys
        t={t}
        keys={keys.value.api_keys}
        timeOf={timeOf}
        actOf={({ id: key, name }) => <UserActLink t={t} user={user} act="revoke-key" about={{ key, name }} />}
      />
      <Activity t={t} list={events.value} timeOf={timeOf} />
      <Pages c={c} next={events.value.next_cursor} texts={{ previous: t.events.newer, next: t.events.older }} />
      {user.id !== administrator.id && <Danger t={t} user={user} />}
    </>
  );
  const badges = (
    <>
      {user.id === administrator.id && <span class="badge">{t.admin.users.you}</span>} <Badges t={t} user={user} />
    </>
  );
  return showPage(c, { title: nameOf(user), badges, children });
});

interface UserProps {
  t: Words;
  user: Account;
}

function Profile({ t, user, timeOf }: UserProps & { timeOf: TimeOf }) {
  const { notSet, profile } = t.account;
  const { account, id, roles, created, changed } = t.admin.user;
  const tag = canonicalTag(user.locale ?? "");
  return (
    <section class="card">
      <div class="head">
        <h2>{account}</h2>
        <UserActLink t={t} user={user} act="edit" />
      </div>
      <ul class="rows">
        <Row title={profile.name} value={fullNameOf(user) || notSet} />
        <Address t={t} user={user} kind="email" />
        <Address t={t} user={user} kind="phone" />
        <Row title={t.fields.username.label} value={user.username ?? notSet} />
        {user.short_description && <Row title={t.fields.short_description.label} value={user.short_description} />}
        <Row title={t.fields.locale.label} value={tag ? nameOfLanguage(tag) : profile.noPreference} />
        <Row title={roles} value={user.roles.join(", ") || notSet}>
          <UserActLink t={t} user={user} act="roles" />
        </Row>
        <Row title={id} value={<code>{user.id}</code>} />
        <Row title={created} value={timeOf(user.created_at)} />
        <Row title={changed} value={timeOf(user.updated_at)} />
      </ul>
    </section>
  );
}

function Address({ t, user, kind }: UserProps & { kind: AddressKind }) {
  const { notSet } = t.account;
  const address = user[kind];
  const isVerified = user[`${kind}_verified`];
  return (
    <Row
      title={t.fields[kind].label}
      value={address ?? notSet}
      badges={address && <AddressBadges t={t} user={user} kind={kind} />}
    >
      {address && <UserActLink t={t} user={user} act={isVerified ? "unverify" : "verify"} about={{ address }} />}
    </Row>
  );
}

function SignIn({ t, user, identities }: UserProps & { identities: Identity[] }) {
  const { signIn, password, secondFactors, sessions } = t.admin.user;
  return (
    <section class="card">
      <h2>{signIn}</h2>
      <ul class="rows">
        <Row title={password}>
          <UserActLink t={t} user={user} act="reset-link" />
          <UserActLink t={t} user={user} act="void-password" />
        </Row>
        <Row title={secondFactors}>
          <UserActLink t={t} user={user} act="remove-factors" />
          <UserActLink t={t} user={user} act="keep-factors" />
        </Row>
        {identities.map(({ id, provider, email }) => (
          <Row title={provider} value={email ?? t.account.notSet}>
            <UserActLink t={t} user={user} act="unlink" about={{ identity: id, name: email ?? provider }} />
          </Row>
        ))}
        <Row title={sessions}>
          <UserActLink t={t} user={user} act="end-sessions" />
        </Row>
      </ul>
    </section>
  );
}

const Activity = ({ t, list, timeOf }: { t: Words; list: AccountEventList; timeOf: TimeOf }) => (
  <section class="card" id="activity">
    <h2>{t.events.title}</h2>
    {list.events.length === 0 ? (
      <p class="soft">{t.events.none}</p>
    ) : (
      <Events t={t} events={list.events} timeOf={timeOf} />
    )}
  </section>
);

const Danger = ({ t, user }: UserProps) => (
  <section class="card danger">
    <h2>{t.account.deletion.zone}</h2>
    <p class="acts">
      <UserActLink t={t} user={user} act={user.disabled_at ? "enable" : "disable"} />
      <UserActLink t={t} user={user} act="delete" />
    </p>
  </section>
);
