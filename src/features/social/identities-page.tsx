/** The pages of the account's identities: list, link, unlink. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { reauthenticateWithAllFactors } from "../../auth/reauthenticate.ts";
import type { Identity } from "../../contract/factors.ts";
import { fill } from "../../locales/fill.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { type FormState, type FormValues, ProofField } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { forgetSecret, keptSecret } from "../../pages/kept-secret.ts";
import { LINK_PATH } from "../../pages/lead-on.ts";
import { localeOf, translations } from "../../pages/page.tsx";
import { ProviderMark, providerName, providersOf } from "../../pages/provider-links.tsx";
import { carryReturn, givenReturn, parseReturnTo } from "../../pages/return-to.ts";
import { Act, Row } from "../../pages/rows.tsx";
import { askForProof, askToSignIn, keepSession, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import type { IdentityRow } from "../../storage/identities.ts";
import { linkOwn, ownIdentities, startLink, unlinkOwn } from "./identities.ts";

const PATH = "/account/identities";
const ADD_PATH = `${PATH}/add`;
const REMOVE_PATH = `${PATH}/remove`;

const listPage = new Hono<SignedInEnv>().get(PATH, signedIn, async (c) => {
  const list = await ownIdentities(c.var.deps, c.var.session);
  return list.ok ? showIdentities(c, list.value.identities) : askToSignIn(c);
});

/** Renders this list, and a button for each provider. */
export async function showIdentities(c: Context<SignedInEnv>, identities: Identity[]) {
  const t = await translations(c);
  const { title, purpose, none, linked, link, unlink, notices } = t.social;
  const notice = Object.entries(notices).find(([name]) => name === c.req.query("notice"));
  const time = timesIn(localeOf(c));
  const children = (
    <>
      {notice && <Notice>{notice[1]}</Notice>}
      <section class="card">
        <p>{purpose}</p>
        {identities.length === 0 && <p class="soft">{none}</p>}
        <ul class="rows">
          {identities.map(({ id, provider, email, linked_at, last_used_at }) => (
            <Row
              title={providerName(c, provider)}
              value={email}
              more={
                <>
                  {fillIn(linked, { when: time(linked_at) })}
                  {last_used_at && <> · {fillIn(t.passkeys.lastUsed, { when: time(last_used_at) })}</>}
                </>
              }
            >
              <Act
                href={`${REMOVE_PATH}?id=${id}`}
                label={fill(unlink, { provider: providerName(c, provider) })}
                text={t.account.acts.remove}
              />
            </Row>
          ))}
        </ul>
        <ul class="providers">
          {providersOf(c).map(({ id, name, kind }) => (
            <li>
              <a class="button secondary" href={`${ADD_PATH}?provider=${id}`}>
                <ProviderMark kind={kind} />
                {fill(link, { provider: name })}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
  return showAccountPage(c, { title, children });
}

const title = (c: Context<SignedInEnv>, text: string, id: string | null | undefined) =>
  fill(text, { provider: providerName(c, id ?? "") });

/** Opens a form with these values, and asks for the password if the sign-in is not recent. */
async function afterProof(c: Context<SignedInEnv>, values: FormValues): Promise<FormValues | Response> {
  const owner = await reauthenticateWithAllFactors(c.var.deps, c.var.session, {});
  const asked = owner.ok ? {} : await askForProof(c, owner);
  return asked instanceof Response ? asked : { ...asked, ...values };
}

/** The values that a form repeats, and the field for the password. */
const Kept = ({ form, names }: { form: FormState; names: string[] }) => (
  <>
    {names.map((name) => (
      <input type="hidden" name={name} value={form.values[name] ?? ""} />
    ))}
    <ProofField form={form} />
  </>
);

const addPage = accountFormPage(ADD_PATH, {
  title: (t, { provider }, c) => title(c, t.social.link, provider),
  async open(c) {
    const provider = c.req.query("provider") ?? "";
    const started = await startLink(c.var.deps, c.var.session, { provider });
    if (started.ok) return showLeaving(c, provider, started.value.url);
    if (started.code === "not_found") return c.redirect(PATH, 303);
    const asked = await askForProof(c, started);
    return asked instanceof Response ? asked : { ...asked, provider };
  },
  fields: (form, c) => (
    <>
      <p>{title(c, form.t.social.leaving, form.values["provider"])}</p>
      <Kept form={form} names={["provider"]} />
    </>
  ),
  submit: (t) => t.factors.code.submit,
  schema: z.strictObject({ provider: z.string(), password: OptionalPassword }),
  rateLimits: ["credentials"],
  async act(c, input) {
    const started = await startLink(c.var.deps, c.var.session, input);
    return started.ok ? showLeaving(c, input.provider, started.value.url) : started;
  },
});

/**
 * Renders the second step: a link, because no form of ours may lead to another origin, and because
 * a redirect would let another site link whatever identity the browser is signed in with there.
 */
export async function showLeaving(c: Context<SignedInEnv>, provider: string, url: string) {
  const { social, account } = await translations(c);
  const children = (
    <section class="card">
      <p>{title(c, social.leaving, provider)}</p>
      <a class="button" href={url}>
        {title(c, social.continueWith, provider)}
      </a>
      <p class="links">
        <a href={PATH}>{account.acts.cancel}</a>
      </p>
    </section>
  );
  return showAccountPage(c, { title: title(c, social.link, provider), children });
}

/** Returns the identity that was proven before the sign-in of this user. */
async function pendingLink(c: Context<SignedInEnv>): Promise<IdentityRow | undefined> {
  const kept = await keptSecret(c, "pending_link", c.var.session.userId);
  return kept === undefined ? undefined : JSON.parse(kept);
}

const linkPage = accountFormPage(LINK_PATH, {
  title: (t, { provider }, c) => title(c, t.social.link, provider),
  async open(c) {
    const identity = c.req.query("skip") === undefined ? await pendingLink(c) : undefined;
    const to = givenReturn(c);
    if (c.req.query("skip") !== undefined) {
      forgetSecret(c, "pending_link");
      return c.redirect(to?.address ?? "/account", 303);
    }
    if (!identity) {
      forgetSecret(c, "pending_link");
      return c.redirect(to?.address ?? "/account?notice=otherAccount", 303);
    }
    const { provider, email } = identity;
    return afterProof(c, { provider, email, return_to: to?.address });
  },
  fields: (form, c) => {
    const { provider, email } = form.values;
    return (
      <>
        <p>{title(c, form.t.social.linkThis, provider)}</p>
        <p>
          <strong>{email || title(c, form.t.social.account, provider)}</strong>
        </p>
        <Kept form={form} names={["provider", "email", "return_to"]} />
      </>
    );
  },
  submit: (t) => t.social.linkNow.submit,
  cancel: (t) => t.social.skip,
  back: (form, c) => carryReturn(LINK_PATH, parseReturnTo(c, form.values["return_to"]), { skip: "" }),
  formTarget: (c, { return_to }) => parseReturnTo(c, return_to)?.origin,
  schema: z.strictObject({
    provider: z.string(),
    email: optional(z.string()),
    return_to: optional(z.string()),
    password: OptionalPassword,
  }),
  rateLimits: ["credentials"],
  async act(c, { return_to, password }) {
    const identity = await pendingLink(c);
    if (!identity) return c.redirect(PATH, 303);
    const linked = await linkOwn(c.var.deps, c.var.session, identity, { password });
    if (linked.ok || linked.code === "identity_exists") forgetSecret(c, "pending_link");
    if (!linked.ok) return linked;
    if (linked.value) keepSession(c, linked.value);
    return c.redirect(parseReturnTo(c, return_to)?.address ?? `${PATH}?notice=identityLinked`, 303);
  },
});

const removePage = accountFormPage(REMOVE_PATH, {
  title: (t, { provider }, c) => title(c, t.social.unlink, provider),
  async open(c) {
    const list = await ownIdentities(c.var.deps, c.var.session);
    const identity = list.ok && list.value.identities.find(({ id }) => id === c.req.query("id"));
    if (!identity) return c.redirect(PATH, 303);
    const { id, provider } = identity;
    return afterProof(c, { id, provider });
  },
  fields: (form, c) => (
    <>
      <p>{title(c, form.t.social.removal, form.values["provider"])}</p>
      <Kept form={form} names={["id", "provider"]} />
    </>
  ),
  refusals: ({ t }) => ({ last_credential: t.social.lastWayIn }),
  submit: (t) => t.account.acts.remove,
  danger: true,
  schema: z.strictObject({ id: z.string(), provider: z.string(), password: OptionalPassword }),
  rateLimits: ["credentials"],
  async act(c, { id, password }) {
    const removed = await unlinkOwn(c.var.deps, c.var.session, id, { password });
    if (!removed.ok) return removed.code === "not_found" ? c.redirect(PATH, 303) : removed;
    keepSession(c, removed.value);
    return c.redirect(`${PATH}?notice=identityUnlinked`, 303);
  },
});

export const identityPages = new Hono<SignedInEnv>()
  .route("/", listPage)
  .route("/", addPage)
  .route("/", linkPage)
  .route("/", removePage);
