/** The list of OAuth clients, and the page of one. */
import { Hono } from "hono";
import type { OAuthClient } from "../../../../src/contract/oauth-client.ts";
import { fill } from "../../../../src/locales/fill.ts";
import { Act, Row } from "../../../../src/pages/rows.tsx";
import { fillIn, timesIn } from "../../../../src/pages/time.tsx";
import type { Words } from "../locales/locales.ts";
import { DoneNotice } from "./act-form.tsx";
import { ApiKeys, findApiKeys } from "./api-keys.tsx";
import { type ClientActName, CLIENTS_PATH as PATH, pathOfClient } from "./client-acts.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { failurePage, showPage } from "./layout.tsx";

export const clientsPage = new Hono<ConsoleEnv>()
  .get("/clients", async (c) => {
    const { t } = c.var;
    const list = await c.env.ADMIN.listClients();
    if (!list.ok) return failurePage(c, list);
    const { clients } = list.value;
    const { none, create, acts } = t.admin.clients;
    const children = (
      <>
        <DoneNotice text={c.req.query("notice") === "delete" ? acts.delete.done : undefined} />
        <section class="card">
          {clients.length === 0 ? (
            <p class="soft">{none}</p>
          ) : (
            <ul class="rows">
              {clients.map((client) => (
                <Row
                  title={<a href={pathOfClient(client.client_id)}>{client.client_name}</a>}
                  badges={<FirstParty t={t} client={client} />}
                  value={<code>{client.client_id}</code>}
                />
              ))}
            </ul>
          )}
          <p class="links">
            <a class="button" href={`${PATH}/create`}>
              {create}
            </a>
          </p>
        </section>
      </>
    );
    return showPage(c, { title: t.admin.nav.clients, children });
  })
  .get("/clients/:id", async (c) => {
    const { t, locale } = c.var;
    const id = c.req.param("id");
    const [found, keys] = await Promise.all([c.env.ADMIN.getClient(id), findApiKeys(c.env.ADMIN, { client_id: id })]);
    if (!found.ok) return failurePage(c, found);
    if (!keys.ok) return failurePage(c, keys);
    const client = found.value;
    const timeOf = timesIn(locale);
    const { id: idLabel, allScopes, oldSecret, acts } = t.admin.clients;
    const { redirect_uris, post_logout_redirect_uris, grant_types, scopes, token_endpoint_auth_method } =
      t.admin.fields;
    const children = (
      <>
        <DoneNotice text={acts[c.req.query("notice") as ClientActName]?.done} />
        {client.old_secret_expires_at && (
          <p class="alert">{fillIn(oldSecret, { when: timeOf(client.old_secret_expires_at) })}</p>
        )}
        <section class="card">
          <ul class="rows">
            <Row title={idLabel} value={<code>{client.client_id}</code>} />
            <Row title={token_endpoint_auth_method.label} value={<code>{client.token_endpoint_auth_method}</code>} />
            <Row title={grant_types.label} value={client.grant_types.join(" ")} />
            <Row title={scopes.label} value={client.scopes?.join(" ") ?? allScopes} />
            <Row title={redirect_uris.label} details={<Uris t={t} uris={client.redirect_uris} />} />
            <Row
              title={post_logout_redirect_uris.label}
              details={<Uris t={t} uris={client.post_logout_redirect_uris} />}
            />
            <Row title={t.admin.user.created} value={timeOf(client.created_at)} />
          </ul>
          <p class="acts">
            <ClientActLink t={t} client={client} act="edit" />
            {client.token_endpoint_auth_method.startsWith("client_secret") && (
              <ClientActLink t={t} client={client} act="rotate" />
            )}
            <ClientActLink t={t} client={client} act="delete" danger />
          </p>
        </section>
        <ApiKeys
          t={t}
          keys={keys.value.api_keys}
          timeOf={timeOf}
          actOf={({ id: key, name }) => (
            <ClientActLink t={t} client={client} act="revoke-key" about={{ key, name }} danger />
          )}
        />
      </>
    );
    return showPage(c, { title: client.client_name, badges: <FirstParty t={t} client={client} />, children });
  });

interface ClientProps {
  t: Words;
  client: OAuthClient;
}

const FirstParty = ({ t, client }: ClientProps) =>
  client.first_party ? <span class="badge">{t.apps.own}</span> : null;

const Uris = ({ t, uris }: { t: Words; uris: string[] }) =>
  uris.length === 0 ? (
    <p class="soft">{t.admin.clients.noUris}</p>
  ) : (
    <ul class="list soft">
      {uris.map((uri) => (
        <li>{uri}</li>
      ))}
    </ul>
  );

interface ClientActLinkProps extends ClientProps {
  act: ClientActName;
  about?: Record<string, string>;
  danger?: boolean;
}

function ClientActLink({ t, client, act: name, about = {}, danger }: ClientActLinkProps) {
  const { act } = t.admin.clients.acts[name];
  const query = new URLSearchParams(about);
  return (
    <Act
      href={`${pathOfClient(client.client_id)}/${name}${query.size > 0 ? `?${query}` : ""}`}
      label={fill(t.common.labeled, { label: act, value: about["name"] ?? client.client_name })}
      text={act}
      danger={danger ?? false}
    />
  );
}
