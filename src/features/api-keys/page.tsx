/** The pages of the user's API keys: list, create, show the new one once, revoke. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { reauthenticateWithAllFactors } from "../../auth/reauthenticate.ts";
import type { ApiKey } from "../../contract/api-keys.ts";
import { fill } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { Checks, Choice } from "../../pages/choices.tsx";
import { Field, ProofField } from "../../pages/fields.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { forgetSecret, keepSecret, keptSecret } from "../../pages/kept-secret.ts";
import { localeOf, translations } from "../../pages/page.tsx";
import { Act, Row } from "../../pages/rows.tsx";
import { ScopeList, scopeText } from "../../pages/scope-list.tsx";
import { actionOf, askForProof, askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";
import type { Err } from "../../result.ts";
import { createOwnApiKey, NewOwnApiKey, ownApiKeys, removeOwnApiKey } from "./api-keys.ts";

const PATH = "/account/api-keys";
const CREATE_PATH = `${PATH}/create`;
const REVOKE_PATH = `${PATH}/revoke`;

const listPage = new Hono<SignedInEnv>()
  .get(PATH, signedIn, async (c) => {
    const list = await ownApiKeys(c.var.deps, c.var.session);
    if (list.ok) return showApiKeys(c, list.value.api_keys, await keptSecret(c, "api_key", c.var.session.userId));
    return unlisted(c, list);
  })
  .post(PATH, fromOwnPage, signedIn, (c) => {
    forgetSecret(c, "api_key");
    return c.redirect(PATH, 303);
  });

/** Answers a request whose list was refused: there are no API keys, or the session has ended. */
const unlisted = (c: Context<SignedInEnv>, { code }: Err) =>
  code === "not_found" ? c.redirect("/account", 303) : askToSignIn(c);

/** Renders this list, below the key that was just created. */
export async function showApiKeys(c: Context<SignedInEnv>, keys: ApiKey[], created?: string) {
  const t = await translations(c);
  const { title, lead, none, create, revoked, shown } = t.apiKeys;
  const children = (
    <>
      {c.req.query("notice") === "revoked" && <Notice>{revoked}</Notice>}
      {created && (
        <section class="card">
          <h2>{shown.title}</h2>
          <p>{shown.lead}</p>
          <p class="key" data-copy={t.factors.acts.copy} data-copied={t.factors.acts.copied}>
            {created}
          </p>
          <form method="post" action={actionOf(c, PATH)}>
            <button type="submit">{shown.submit}</button>
          </form>
        </section>
      )}
      <section class="card">
        <p>{keys.length > 0 ? lead : none}</p>
        {keys.length > 0 && (
          <ul class="rows">
            {keys.map((key) => (
              <Key c={c} t={t} apiKey={key} />
            ))}
          </ul>
        )}
        <p class="links">
          <a class={created ? "button secondary" : "button"} href={CREATE_PATH}>
            {create}
          </a>
        </p>
      </section>
    </>
  );
  return showAccountPage(c, { title, children });
}

function Key({ c, t, apiKey }: { c: Context<SignedInEnv>; t: PageMessages; apiKey: ApiKey }) {
  const { id, name, scopes, created_at, expires_at, last_used_at } = apiKey;
  const { created, expires, expired, endless, revoke } = t.apiKeys;
  const time = timesIn(localeOf(c));
  const isOver = expires_at !== null && Date.parse(expires_at) <= c.var.deps.now();
  return (
    <Row
      title={name}
      badges={isOver && <span class="badge">{expired}</span>}
      value={
        <>
          {fillIn(created, { when: time(created_at) })} ·{" "}
          {last_used_at ? fillIn(t.apps.used, { when: time(last_used_at) }) : t.passkeys.neverUsed}
        </>
      }
      more={expires_at === null ? endless : !isOver && fillIn(expires, { when: time(expires_at) })}
      details={<ScopeList t={t} c={c} scopes={scopes} class="soft" />}
    >
      <Act
        href={`${REVOKE_PATH}?${new URLSearchParams({ id })}`}
        label={fill(t.common.labeled, { label: revoke, value: name })}
        text={revoke}
      />
    </Row>
  );
}

const DAY_SECONDS = 86_400;
const DAYS = [30, 90, 365];
const DEFAULT_SECONDS = String(90 * DAY_SECONDS);
/** Stands for a key that does not expire. */
const NEVER = "never";

const SCOPE_FIELD = /^scopes\.(.+)$/;

/** Converts the fields of the form, which has a check box for each scope, to those of the API. */
function toInput(fields: Record<string, unknown>) {
  const { expires_in, ...others } = fields;
  const input: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(others).filter(([name]) => !SCOPE_FIELD.test(name))),
    scopes: Object.keys(others).flatMap((name) => SCOPE_FIELD.exec(name)?.[1] ?? []),
    expires_in: expires_in === NEVER ? null : Number(expires_in),
  };
  return input as z.input<typeof NewOwnApiKey>;
}

const createPage = accountFormPage(CREATE_PATH, {
  title: (t) => t.apiKeys.create,
  async open(c) {
    const list = await ownApiKeys(c.var.deps, c.var.session);
    if (!list.ok) return unlisted(c, list);
    const actor = await reauthenticateWithAllFactors(c.var.deps, c.var.session, {});
    const proof = actor.ok ? {} : await askForProof(c, actor);
    return proof instanceof Response ? proof : { ...proof, expires_in: DEFAULT_SECONDS };
  },
  fields(form, c) {
    const { creating, validity } = form.t.apiKeys;
    const textOf = (days: number) => (days === 365 ? validity.year : fill(validity.days, { days: String(days) }));
    return (
      <>
        <p>{creating}</p>
        <Field form={form} name="name" autocomplete="off" maxlength={60} required />
        <Checks
          form={form}
          name="scopes"
          options={c.var.deps.config.OAUTH_SCOPES.map(({ name }) => [name, scopeText(c, form.t, name)])}
        />
        <Choice
          form={form}
          name="expires_in"
          options={{
            ...Object.fromEntries(DAYS.map((days) => [days * DAY_SECONDS, textOf(days)])),
            [NEVER]: validity.never,
          }}
        />
        <ProofField form={form} />
      </>
    );
  },
  submit: (t) => t.apiKeys.create,
  refusals: ({ t }) => ({ too_many_api_keys: t.apiKeys.tooMany }),
  schema: z.pipe(z.transform(toInput), NewOwnApiKey),
  rateLimits: ["credentials"],
  async act(c, input) {
    const created = await createOwnApiKey(c.var.deps, c.var.session, input);
    if (!created.ok) return created;
    await keepSecret(c, "api_key", c.var.session.userId, created.value.key);
    return c.redirect(PATH, 303);
  },
});

const revokePage = accountFormPage(REVOKE_PATH, {
  title: (t, { name }) => fill(t.apiKeys.revocation.title, { name: name ?? "" }),
  async open(c) {
    const list = await ownApiKeys(c.var.deps, c.var.session);
    if (!list.ok) return unlisted(c, list);
    const key = list.value.api_keys.find(({ id }) => id === c.req.query("id"));
    return key ? { id: key.id, name: key.name } : c.redirect(PATH, 303);
  },
  fields: ({ t, values: { id, name } }) => (
    <>
      <p>{t.apiKeys.revocation.lead}</p>
      <input type="hidden" name="id" value={id ?? ""} />
      <input type="hidden" name="name" value={name ?? ""} />
    </>
  ),
  submit: (t) => t.apiKeys.revoke,
  danger: true,
  schema: z.strictObject({ id: z.string(), name: z.string() }),
  async act(c, { id }) {
    // The list asks to sign in if the session has ended.
    const revoked = await removeOwnApiKey(c.var.deps, c.var.session, id);
    forgetSecret(c, "api_key");
    return c.redirect(revoked.ok ? `${PATH}?notice=revoked` : PATH, 303);
  },
});

export const apiKeyPages = new Hono<SignedInEnv>().route("/", listPage).route("/", createPage).route("/", revokePage);
