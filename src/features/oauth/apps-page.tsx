/** The pages of the apps that may use an account: list them, and remove the access of one. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import type { Grant } from "../../contract/grants.ts";
import { fill } from "../../locales/fill.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { localeOf, translations } from "../../pages/page.tsx";
import { Act, Row } from "../../pages/rows.tsx";
import { ScopeList } from "../../pages/scope-list.tsx";
import { askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";
import { ownGrants, revokeOwnGrant } from "./apps.ts";

const PATH = "/account/apps";
const REMOVE_PATH = `${PATH}/remove`;

const listPage = new Hono<SignedInEnv>().get(PATH, signedIn, async (c) => {
  const list = await ownGrants(c.var.deps, c.var.session);
  return list.ok ? showApps(c, list.value.grants) : askToSignIn(c);
});

/** Renders this list. */
export async function showApps(c: Context<SignedInEnv>, grants: Grant[]) {
  const t = await translations(c);
  const { title, lead, none, removed } = t.apps;
  const children = (
    <>
      {c.req.query("notice") === "removed" && <Notice>{removed}</Notice>}
      <section class="card">
        <p>{grants.length > 0 ? lead : none}</p>
        {grants.length > 0 && (
          <ul class="rows">
            {grants.map((grant) => (
              <App c={c} t={t} grant={grant} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
  return showAccountPage(c, { title, children });
}

interface AppProps {
  c: Context<SignedInEnv>;
  t: Awaited<ReturnType<typeof translations>>;
  grant: Grant;
}

function App({ c, t, grant: { client_id, client_name, first_party, permissions, last_used_at } }: AppProps) {
  const { own, at, allowed, used, remove } = t.apps;
  const time = timesIn(localeOf(c));
  const first = permissions.map(({ granted_at }) => granted_at).sort()[0];
  return (
    <Row
      title={client_name}
      badges={first_party && <span class="badge">{own}</span>}
      value={
        <>
          {first && fillIn(allowed, { when: time(first) })}
          {last_used_at && <> · {fillIn(used, { when: time(last_used_at) })}</>}
        </>
      }
      details={permissions.map(({ resource, scopes }) => (
        <>
          {resource && <p class="soft">{fillIn(at, { host: <strong>{new URL(resource).host}</strong> })}</p>}
          <ScopeList t={t} c={c} scopes={scopes} class="soft" />
        </>
      ))}
    >
      <Act
        href={`${REMOVE_PATH}?${new URLSearchParams({ id: client_id })}`}
        label={fill(t.common.labeled, { label: remove, value: client_name })}
        text={t.account.acts.remove}
      />
    </Row>
  );
}

const removePage = accountFormPage(REMOVE_PATH, {
  title: (t, { name }) => fill(t.apps.removal.title, { client: name ?? "" }),
  async open(c) {
    const list = await ownGrants(c.var.deps, c.var.session);
    if (!list.ok) return askToSignIn(c);
    const app = list.value.grants.find(({ client_id }) => client_id === c.req.query("id"));
    return app ? { id: app.client_id, name: app.client_name } : c.redirect(PATH, 303);
  },
  fields: ({ t, values: { id, name } }) => (
    <>
      <p>{fill(t.apps.removal.lead, { client: name ?? "" })}</p>
      <input type="hidden" name="id" value={id ?? ""} />
      <input type="hidden" name="name" value={name ?? ""} />
    </>
  ),
  submit: (t) => t.apps.remove,
  danger: true,
  schema: z.strictObject({ id: z.string(), name: z.string() }),
  async act(c, { id }) {
    // The list asks to sign in if the session has ended.
    const revoked = await revokeOwnGrant(c.var.deps, c.var.session, id);
    return c.redirect(revoked.ok ? `${PATH}?notice=removed` : PATH, 303);
  },
});

export const appPages = new Hono<SignedInEnv>().route("/", listPage).route("/", removePage);
