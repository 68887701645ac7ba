/** The acts on OAuth clients. A secret is in the answer of its act, and stored nowhere. */
import { type Context, Hono } from "hono";
import {
  CLIENT_AUTH_METHODS,
  type ClientWithSecret,
  GRANT_TYPES,
  type NewClient,
  type OAuthClient,
} from "../../../../src/contract/oauth-client.ts";
import { fill } from "../../../../src/locales/fill.ts";
import { Notice } from "../../../../src/pages/form-parts.tsx";
import { err, type Result } from "../../../../src/result.ts";
import type { ConsoleMessages } from "../locales/en.ts";
import { answerActForm, withNotice } from "./act-form.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { CheckField, Checks, Choice, Field, type FormState } from "./fields.tsx";
import { failurePage, showPage } from "./layout.tsx";

export const CLIENTS_PATH = "/admin/clients";

export const pathOfClient = (id: string) => `${CLIENTS_PATH}/${encodeURIComponent(id)}`;

export type ClientActName = keyof ConsoleMessages["clients"]["acts"];

export const clientActs = new Hono<ConsoleEnv>()
  .on(["GET", "POST"], "/clients/create", (c) => {
    const { create, creating, created } = c.var.t.admin.clients;
    return answerActForm(c, {
      title: create,
      lead: creating,
      submit: create,
      back: CLIENTS_PATH,
      values: {
        token_endpoint_auth_method: "client_secret_basic",
        ...checked(["authorization_code", "refresh_token"]),
      },
      fields: (form) => <ClientFields form={form} isNew />,
      async act(typed, by) {
        const client = clientIn(typed);
        return client.ok ? c.env.ADMIN.createClient({ ...client.value, ...methodIn(typed) }, by) : client;
      },
      done: (client) => showSecret(c, client, created),
    });
  })
  .on(["GET", "POST"], "/clients/:id/:act", async (c) => {
    const { id, act } = c.req.param();
    const found = await c.env.ADMIN.getClient(id);
    if (!found.ok) return failurePage(c, found);
    switch (act) {
      case "edit":
        return editClient(c, found.value);
      case "rotate":
        return rotateSecret(c, found.value);
      case "delete":
        return answerActForm(c, {
          ...questionOf(c, act, found.value.client_name),
          back: pathOfClient(id),
          act: (_, by) => c.env.ADMIN.deleteClient(id, by),
          done: withNotice(CLIENTS_PATH, act),
        });
      case "revoke-key":
        return answerActForm(c, {
          ...questionOf(c, act, c.req.query("name") ?? ""),
          back: pathOfClient(id),
          act: (_, by) => c.env.ADMIN.revokeApiKey(c.req.query("key") ?? "", by),
          done: withNotice(pathOfClient(id), act),
        });
      default:
        return failurePage(c, err("not_found"));
    }
  });

function questionOf(c: Context<ConsoleEnv>, name: ClientActName, subject: string) {
  const { title, lead, act } = c.var.t.admin.clients.acts[name];
  return { title: fill(title, { name: subject }), lead, submit: act, danger: true };
}

function editClient(c: Context<ConsoleEnv>, client: OAuthClient) {
  const { client_id, jwks, scopes, redirect_uris, post_logout_redirect_uris, grant_types, first_party } = client;
  return answerActForm(c, {
    ...questionOf(c, "edit", client.client_name),
    submit: c.var.t.admin.save,
    danger: false,
    back: pathOfClient(client_id),
    values: {
      client_name: client.client_name,
      redirect_uris: redirect_uris.join("\n"),
      post_logout_redirect_uris: post_logout_redirect_uris.join("\n"),
      scopes: scopes?.join(" "),
      jwks: jwks && JSON.stringify(jwks, null, 2),
      first_party: first_party ? "on" : undefined,
      ...checked(grant_types),
    },
    fields: (form) => <ClientFields form={form} />,
    async act(typed, by) {
      const change = clientIn(typed);
      return change.ok ? c.env.ADMIN.updateClient(client_id, change.value, by) : change;
    },
    done: withNotice(pathOfClient(client_id), "edit"),
  });
}

/** A form that is sent again must not rotate again: that would end the secret still in use. */
function rotateSecret(c: Context<ConsoleEnv>, { client_id, client_name, old_secret_expires_at }: OAuthClient) {
  const { changedMeanwhile, acts } = c.var.t.admin.clients;
  const before = old_secret_expires_at ?? "";
  return answerActForm(c, {
    ...questionOf(c, "rotate", client_name),
    back: pathOfClient(client_id),
    fields: ({ failure }) => (
      <>
        {failure?.code === "not_found" && <Notice neutral>{changedMeanwhile}</Notice>}
        <input type="hidden" name="before" value={before} />
      </>
    ),
    act: async ({ before: shown }, by) =>
      shown === before ? c.env.ADMIN.rotateClientSecret(client_id, by) : err("not_found"),
    done: (client) => showSecret(c, client, acts.rotate.done),
  });
}

/** Answers with the secret of a client, or with its page if it has none. */
function showSecret(c: Context<ConsoleEnv>, client: ClientWithSecret, done: string) {
  const { t } = c.var;
  const { secret, id } = t.admin.clients;
  const path = pathOfClient(client.client_id);
  if (!client.client_secret) return c.redirect(path, 303);
  const children = (
    <>
      <Notice>{done}</Notice>
      <section class="card">
        <h2>{secret.title}</h2>
        <p>{secret.lead}</p>
        <p>
          {id}: <code>{client.client_id}</code>
        </p>
        <p class="key" data-copy={t.factors.acts.copy} data-copied={t.factors.acts.copied}>
          {client.client_secret}
        </p>
        <p class="links">
          <a class="button" href={path}>
            {secret.done}
          </a>
        </p>
      </section>
    </>
  );
  return showPage(c, { title: client.client_name, children });
}

const ClientFields = ({ form, isNew }: { form: FormState; isNew?: boolean }) => (
  <>
    <Field form={form} name="client_name" maxlength={60} required />
    <Field form={form} name="redirect_uris" rows={3} />
    <Field form={form} name="post_logout_redirect_uris" rows={2} />
    <Checks form={form} name="grant_types" options={GRANT_TYPES} />
    {isNew && <Choice form={form} name="token_endpoint_auth_method" options={CLIENT_AUTH_METHODS} />}
    <Field form={form} name="scopes" />
    <Field form={form} name="jwks" rows={3} />
    <CheckField form={form} name="first_party" />
  </>
);

const checked = (grants: readonly string[]) =>
  Object.fromEntries(grants.map((grant) => [`grant_types.${grant}`, "on"]));

const wordsIn = (text = "") => text.match(/\S+/g) ?? [];

const methodIn = ({ token_endpoint_auth_method }: Record<string, string>) =>
  ({ token_endpoint_auth_method }) as Pick<NewClient, "token_endpoint_auth_method">;

/** Reads the fields of the form. `AdminService` validates them. */
function clientIn(typed: Record<string, string>): Result<NewClient> {
  const scopes = wordsIn(typed["scopes"]);
  const jwks = jsonIn(typed["jwks"]);
  if (jwks === undefined)
    return err("invalid_request", [{ path: "jwks", code: "invalid_format", message: "Must be JSON." }]);
  return {
    ok: true,
    value: {
      client_name: typed["client_name"] ?? "",
      redirect_uris: wordsIn(typed["redirect_uris"]),
      post_logout_redirect_uris: wordsIn(typed["post_logout_redirect_uris"]),
      grant_types: GRANT_TYPES.filter((grant) => typed[`grant_types.${grant}`]),
      scopes: scopes.length > 0 ? scopes : null,
      first_party: Boolean(typed["first_party"]),
      jwks,
    },
  };
}

/** Parses a JWK Set. Returns null for an empty field, and undefined if it is not JSON. */
function jsonIn(text = ""): NewClient["jwks"] | undefined {
  try {
    return text.trim() ? JSON.parse(text) : null;
  } catch {
    return undefined;
  }
}
