/** The pages of the account's passkeys: list, add, rename, remove. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { findFactorOwner } from "../../auth/reauthenticate.ts";
import type { PasskeyList, RegistrationOptionsJSON } from "../../contract/webauthn.ts";
import { needsMethod } from "../../http/login-methods.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { fill } from "../../locales/fill.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { Field, ProofField } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { CODES_PATH, keepSecret } from "../../pages/kept-secret.ts";
import { localeOf, translations } from "../../pages/page.tsx";
import { PasskeyForm } from "../../pages/passkey-form.tsx";
import { actOnce } from "../../pages/repeats.ts";
import { Act, Row } from "../../pages/rows.tsx";
import {
  actionOf,
  askForProof,
  askToConfirmIdentity,
  askToSignIn,
  keepSession,
  type SignedInEnv,
  signedIn,
} from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";
import { offers, signsInByCode } from "../../schemas/login-methods.ts";
import { inField, RegistrationResponse } from "../../schemas/webauthn.ts";
import {
  addOwnPasskey,
  newPasskeyOptions,
  ownPasskeys,
  PasskeyOptions,
  RenamePasskey,
  removeOwnPasskey,
  renameOwnPasskey,
} from "./passkeys.ts";

const PATH = "/account/passkeys";
const ADD_PATH = `${PATH}/add`;
const CREATE_PATH = `${PATH}/create`;

const listPage = new Hono<SignedInEnv>().get(PATH, signedIn, async (c) => {
  const list = await ownPasskeys(c.var.deps, c.var.session);
  return list.ok ? showPasskeys(c, list.value) : askToSignIn(c);
});

/** Renders this list. The script tells the browser which passkeys are left. */
export async function showPasskeys(c: Context<SignedInEnv>, { passkeys, rp_id, user_handle }: PasskeyList) {
  const t = await translations(c);
  const { title, purpose, none, added, lastUsed, neverUsed, synced, add, rename, remove, notices } = t.passkeys;
  const notice = Object.entries(notices).find(([name]) => name === c.req.query("notice"));
  const accepted = { rpId: rp_id, userId: user_handle, allAcceptedCredentialIds: passkeys.map(({ id }) => id) };
  const time = timesIn(localeOf(c));
  const labeled = (label: string, value: string) => fill(t.common.labeled, { label, value });
  const children = (
    <>
      {notice && <Notice>{notice[1]}</Notice>}
      <section class="card">
        <p>{purpose}</p>
        {passkeys.length === 0 && <p class="soft">{none}</p>}
        <ul class="rows" data-accepted={JSON.stringify(accepted)}>
          {passkeys.map(({ id, name, created_at, last_used_at, backed_up }) => (
            <Row
              title={name}
              badges={backed_up && <span class="badge">{synced}</span>}
              value={fillIn(added, { when: time(created_at) })}
              more={last_used_at ? fillIn(lastUsed, { when: time(last_used_at) }) : neverUsed}
            >
              <Act href={`${PATH}/rename?id=${id}`} label={labeled(rename, name)} text={t.account.acts.rename} />
              <Act href={`${PATH}/remove?id=${id}`} label={labeled(remove, name)} text={t.account.acts.remove} />
            </Row>
          ))}
        </ul>
        {offers(c.var.deps, "passkey") && (
          <p class="links">
            <a class="button" href={ADD_PATH}>
              {add}
            </a>
          </p>
        )}
      </section>
    </>
  );
  return showAccountPage(c, { title, children });
}

const addPage = accountFormPage(ADD_PATH, {
  title: (t) => t.passkeys.add,
  async open(c) {
    const options = await newPasskeyOptions(c.var.deps, c.var.session, {});
    if (options.ok) return showCreation(c, options.value);
    return options.code === "passkey_exists" ? c.redirect(PATH, 303) : askForProof(c, options);
  },
  fields: (form) => (
    <>
      <p>{form.t.passkeys.adding}</p>
      <ProofField form={form} />
    </>
  ),
  submit: (t) => t.factors.code.submit,
  schema: PasskeyOptions,
  rateLimits: ["credentials"],
  async act(c, input) {
    const options = await newPasskeyOptions(c.var.deps, c.var.session, input);
    if (!options.ok) return options.code === "passkey_exists" ? c.redirect(PATH, 303) : options;
    return showCreation(c, options.value);
  },
});

/** Renders the second step: the button that creates the passkey. */
export async function showCreation(c: Context<SignedInEnv>, options: RegistrationOptionsJSON) {
  const t = await translations(c);
  const { add, adding, create, rejected } = t.passkeys;
  const children = (
    <section class="card">
      {c.req.query("notice") === "rejected" && (
        <div class="alert error">
          <p role="alert">{rejected}</p>
        </div>
      )}
      <p>{adding}</p>
      <PasskeyForm t={t} action={actionOf(c, CREATE_PATH)} options={options} submit={create.submit} creates needed />
      <p class="links">
        <a href={options.excludeCredentials.length > 0 ? PATH : "/account"}>{t.account.acts.cancel}</a>
      </p>
    </section>
  );
  return showAccountPage(c, { title: add, children });
}

const Creation = z.strictObject({ credential: inField(RegistrationResponse) });

const createPage = new Hono<SignedInEnv>().post(
  CREATE_PATH,
  fromOwnPage,
  rateLimit("credentials"),
  signedIn,
  async (c) => {
    const { values, parsed } = await readSubmitted(c, Creation);
    const done = parsed.ok ? await actOnce(c, values, () => add(c, parsed.value)) : parsed;
    if (done instanceof Response) return done;
    return done.code === "unauthenticated" ? askToSignIn(c) : c.redirect(`${ADD_PATH}?notice=rejected`, 303);
  },
);

async function add(c: Context<SignedInEnv>, input: z.output<typeof Creation>) {
  const { deps, session } = c.var;
  const added = await addOwnPasskey(deps, session, input);
  if (!added.ok) return added;
  const { recovery_codes, passkey, ...tokens } = added.value;
  keepSession(c, tokens);
  if (!recovery_codes) return c.redirect(`${PATH}?notice=passkeyAdded`, 303);
  await keepSecret(c, "recovery_codes", session.userId, recovery_codes.join(" "));
  return c.redirect(`${CODES_PATH}?notice=passkeyAdded`, 303);
}

/** Opens a form for one passkey, whose id is in the address. */
async function openPasskey(c: Context<SignedInEnv>) {
  const list = await ownPasskeys(c.var.deps, c.var.session);
  if (!list.ok) return askToSignIn(c);
  const passkey = list.value.passkeys.find(({ id }) => id === c.req.query("id"));
  return passkey ? { id: passkey.id, name: passkey.name } : c.redirect(PATH, 303);
}

const renamePage = accountFormPage(`${PATH}/rename`, {
  title: (t) => t.passkeys.rename,
  open: openPasskey,
  fields: (form) => (
    <>
      <input type="hidden" name="id" value={form.values["id"] ?? ""} />
      <Field form={form} name="name" autocomplete="off" maxlength={60} required />
    </>
  ),
  submit: (t) => t.passkeys.save.submit,
  schema: z.extend(RenamePasskey, { id: z.string() }),
  rateLimits: ["credentials"],
  async act(c, { id, name }) {
    const renamed = await renameOwnPasskey(c.var.deps, c.var.session, id, { name });
    return c.redirect(renamed.ok ? `${PATH}?notice=passkeyRenamed` : PATH, 303);
  },
});

const removePage = accountFormPage(`${PATH}/remove`, {
  title: (t) => t.passkeys.remove,
  async open(c) {
    const owner = await findFactorOwner(c.var.deps, c.var.session);
    if (!owner.ok) return owner.acr ? askToConfirmIdentity(c) : askToSignIn(c);
    const opened = await openPasskey(c);
    if (opened instanceof Response) return opened;
    const { passwordHash, passkeyCount, identityCount, totpConfirmedAt } = owner.value;
    if (passkeyCount > 1) return opened;
    const byPassword = passwordHash !== null && offers(c.var.deps, "password");
    if (!byPassword && identityCount === 0 && !signsInByCode(c.var.deps, owner.value))
      return { ...opened, warning: "lastWayIn" };
    return { ...opened, warning: totpConfirmedAt === null ? "lastFactor" : null };
  },
  fields: ({ t, values: { id, name, warning } }) =>
    warning === "lastWayIn" ? null : (
      <>
        <p>{fill(t.passkeys.removal, { name: name ?? "" })}</p>
        {warning === "lastFactor" && <p>{t.factors.lastFactor}</p>}
        <input type="hidden" name="id" value={id ?? ""} />
        <input type="hidden" name="name" value={name ?? ""} />
      </>
    ),
  // The service would refuse: there is nothing to submit.
  below: ({ t: { passkeys, account }, values: { name, warning } }) =>
    warning === "lastWayIn" && (
      <>
        <p>
          <strong>{name}</strong>
        </p>
        <p>{passkeys.lastWayIn}</p>
        <p class="acts">
          <a class="button" href={ADD_PATH}>
            {passkeys.add}
          </a>
          <a class="button secondary" href="/account/password">
            {account.newPassword}
          </a>
        </p>
      </>
    ),
  refusals: ({ t }) => ({ last_credential: t.passkeys.lastWayIn, factor_required: t.enrollment.required }),
  submit: (t) => t.account.acts.remove,
  danger: true,
  schema: z.strictObject({ id: z.string(), name: z.string() }),
  rateLimits: ["credentials"],
  async act(c, { id }) {
    const removed = await removeOwnPasskey(c.var.deps, c.var.session, id, {});
    if (!removed.ok) return removed.code === "not_found" ? c.redirect(PATH, 303) : removed;
    keepSession(c, removed.value);
    return c.redirect(`${PATH}?notice=passkeyRemoved`, 303);
  },
});

export const passkeyPages = new Hono<SignedInEnv>()
  .use(ADD_PATH, needsMethod("passkey"))
  .use(CREATE_PATH, needsMethod("passkey"))
  .route("/", listPage)
  .route("/", addPage)
  .route("/", createPage)
  .route("/", renamePage)
  .route("/", removePage);
