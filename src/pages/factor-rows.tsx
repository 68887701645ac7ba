/** The rows of the settings that say what the account signs in with, besides the password. */
import type { Context } from "hono";
import type { Factors } from "../contract/factors.ts";
import { fillPlural, type Plural } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";
import { localeOf } from "./page.tsx";
import { Act, Row } from "./rows.tsx";
import type { SignedInEnv } from "./session.ts";
import { fillIn, timesIn } from "./time.tsx";

/** Fills a count in, in the language of the page. */
export const counted = (c: Context<SignedInEnv>, plural: Plural, count: number) =>
  fillPlural(localeOf(c), plural, count);

interface FactorProps {
  t: PageMessages;
  c: Context<SignedInEnv>;
}

export function Totp({ t, c, totp }: FactorProps & Pick<Factors, "totp">) {
  const { title, purpose, notSetUp, added, add, remove } = t.factors.app;
  const value = totp ? fillIn(added, { when: timesIn(localeOf(c))(totp.confirmed_at) }) : notSetUp;
  return (
    <Row title={title} value={value} more={purpose}>
      {totp ? (
        <Act href="/account/authenticator/remove" label={remove} text={t.account.acts.remove} />
      ) : (
        <Act href="/account/authenticator/add" label={add} />
      )}
    </Row>
  );
}

export const Passkeys = ({ t: { passkeys }, c, count }: FactorProps & { count: number }) => (
  <Row
    title={passkeys.title}
    value={count > 0 ? counted(c, passkeys.count, count) : passkeys.none}
    more={passkeys.purpose}
  >
    {count > 0 ? (
      <Act href="/account/passkeys" label={passkeys.manage} />
    ) : (
      <Act href="/account/passkeys/add" label={passkeys.add} />
    )}
  </Row>
);

export const Identities = ({ t: { social }, c, count }: FactorProps & { count: number }) => (
  <Row title={social.title} value={count > 0 ? counted(c, social.count, count) : social.none} more={social.purpose}>
    <Act href="/account/identities" label={social.manage} />
  </Row>
);

/** With this many codes left, or fewer, the owner should create new ones. */
const FEW_CODES = 3;

export function RecoveryCodes({ t, c, left }: FactorProps & { left: number }) {
  const { title, purpose, low, left: words } = t.factors.codes;
  return (
    <Row
      title={title}
      value={counted(c, words, left)}
      more={left > FEW_CODES ? purpose : <span class="error">{low}</span>}
    >
      <Act href="/account/recovery-codes/new" label={t.factors.acts.create} />
    </Row>
  );
}
