/** The list of users, in which an administrator searches. */
import { Hono } from "hono";
import type { Account } from "../../../../src/contract/user.ts";
import { Notice } from "../../../../src/pages/form-parts.tsx";
import { Row } from "../../../../src/pages/rows.tsx";
import type { Err } from "../../../../src/result.ts";
import type { Words } from "../locales/locales.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { failurePage, showPage } from "./layout.tsx";
import { nameOf } from "./names.ts";
import { Pages } from "./paging.tsx";

const PATH = "/admin/users";

export const usersPage = new Hono<ConsoleEnv>().get("/users", async (c) => {
  const { t } = c.var;
  const { query = "", cursor, notice } = c.req.query();
  const list = await c.env.ADMIN.listUsers({ query: query.trim() || null, cursor: cursor || null });
  if (!list.ok && !isBadQuery(list)) return failurePage(c, list);
  const { users, next_cursor } = list.ok ? list.value : { users: [], next_cursor: null };
  const { label, hint, search, all, none, create } = t.admin.users;
  const children = (
    <>
      {notice === "delete" && <Notice>{t.admin.acts.delete.done}</Notice>}
      <search>
        <form method="get" action={PATH} class="search">
          <div class="field">
            <label for="query">{label}</label>
            <input
              id="query"
              name="query"
              type="search"
              value={query}
              maxlength={254}
              autocapitalize="none"
              autocomplete="off"
              spellcheck={false}
              aria-describedby="query-hint"
            />
            <span id="query-hint" class="hint">
              {hint}
            </span>
          </div>
          <button type="submit">{search}</button>
        </form>
      </search>
      <section class="card">
        {users.length === 0 ? (
          <p class="soft">{none}</p>
        ) : (
          <ul class="rows">
            {users.map((user) => (
              <User t={t} user={user} />
            ))}
          </ul>
        )}
        <p class="links">
          <a class="button secondary" href={`${PATH}/create`}>
            {create}
          </a>
        </p>
      </section>
      {query && (
        <p class="links">
          <a href={PATH}>{all}</a>
        </p>
      )}
      <Pages c={c} next={next_cursor} texts={t.admin.more} />
    </>
  );
  return showPage(c, { title: t.admin.nav.users, children });
});

const User = ({ t, user }: { t: Words; user: Account }) => (
  <Row
    title={<a href={pathOfUser(user.id)}>{nameOf(user)}</a>}
    badges={<Badges t={t} user={user} />}
    value={[fullNameOf(user), user.username && user.email, user.phone].filter(Boolean).join(" · ")}
  />
);

/** Tests whether no account can have this identifier: the service does not accept it. */
export const isBadQuery = ({ code }: Err) => ["invalid_request", "malformed_body"].includes(code);

/** Whether the account is disabled, and its roles. */
export const Badges = ({ t, user }: { t: Words; user: Account }) => (
  <>
    {user.disabled_at && <span class="badge danger">{t.admin.users.disabled}</span>}{" "}
    {user.roles.map((role) => (
      <>
        <span class="badge">{role}</span>{" "}
      </>
    ))}
  </>
);

export const fullNameOf = ({ first_name, last_name }: Account) => [first_name, last_name].filter(Boolean).join(" ");

export const pathOfUser = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
