/** The activity of the account: its events in words, by group, page by page. */
import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type * as contract from "../../contract/events.ts";
import { fail } from "../../http/answer.ts";
import { fill } from "../../locales/fill.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { EventRow } from "../../pages/event-row.tsx";
import { localeOf, translations } from "../../pages/page.tsx";
import { askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { timesIn } from "../../pages/time.tsx";
import { parse } from "../../schemas/parse.ts";
import { EventQuery, GROUPS, ownEvents } from "./events.ts";

const PATH = "/account/activity";

/** Events that the owner should look at. */
const FAILURES: contract.EventType[] = [
  "login_failed",
  "reauthentication_failed",
  "refresh_token_reused",
  "refresh_token_replayed",
  "message_withheld",
];

export const activityPages = new Hono<SignedInEnv>().get(PATH, signedIn, async (c) => {
  const query = parse(EventQuery, c.req.query());
  if (!query.ok) return fail(c, query);
  const listed = await ownEvents(c.var.deps, c.var.session, query.value);
  if (!listed.ok) return listed.code === "unauthenticated" ? askToSignIn(c) : fail(c, listed);
  return showActivity(c, listed.value, query.value.group);
});

/** Renders the page of these events, which are those of `group`, if one was chosen. */
export async function showActivity(
  c: Context<SignedInEnv>,
  { events, next_cursor }: contract.OwnEventList,
  chosen?: contract.EventGroup,
) {
  const t = await translations(c);
  const timeOf = timesIn(localeOf(c));
  const { newer, older } = neighbors(c, next_cursor);
  const children = (
    <>
      <nav class="filter" aria-label={t.events.filter}>
        {[undefined, ...GROUPS].map((group) => (
          <a href={pathOf({ group })} aria-current={group === chosen ? "page" : undefined}>
            {t.events.groups[group ?? "all"]}
          </a>
        ))}
      </nav>
      <section class="card">
        {events.length === 0 ? (
          <p class="soft">{t.events.none}</p>
        ) : (
          <ul class="rows">
            {events.map((event) => (
              <EventRow
                t={t}
                type={event.type}
                isFailure={FAILURES.includes(event.type)}
                device={event.user_agent ? event.device : null}
                ip={event.ip}
                time={timeOf(event.created_at)}
              >
                {event.reason !== null && (
                  <p class="soft">{fill(t.events.byAdministrator, { reason: event.reason })}</p>
                )}
              </EventRow>
            ))}
          </ul>
        )}
      </section>
      {(newer || older) && (
        <p class="links">
          {newer && <PageLink href={newer}>{t.events.newer}</PageLink>}
          {older && <PageLink href={older}>{t.events.older}</PageLink>}
        </p>
      )}
    </>
  );
  return showAccountPage(c, { title: t.events.title, children });
}

const PageLink = ({ href, children }: { href: string; children: Child }) => (
  <a class="button secondary small" href={href}>
    {children}
  </a>
);

/**
 * Builds the links to the pages beside this one. The list is read in one direction, so the address
 * of a page carries the cursors of all newer ones.
 */
function neighbors(c: Context, next: string | null) {
  const { group, cursor, trail } = c.req.query();
  const passed = trail?.split(" ") ?? [];
  return {
    newer: cursor && pathOf({ group, cursor: passed.at(-1), trail: passed.slice(0, -1).join(" ") }),
    older: next && pathOf({ group, cursor: next, trail: [...passed, cursor].filter(Boolean).join(" ") }),
  };
}

function pathOf(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length > 0 ? `${PATH}?${new URLSearchParams(given)}` : PATH;
}
