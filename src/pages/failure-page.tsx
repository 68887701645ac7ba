import type { Context } from "hono";
import { type ErrorCode, errors } from "../errors.ts";
import { problem, retryAfterSeconds } from "../http/problem.ts";
import type { Err } from "../result.ts";
import { Countdown } from "./fields.tsx";
import { showPage, translations } from "./page.tsx";

const RETRIABLE = [429, 500, 503];
const PAGES = { 404: "notFound", 429: "tooMany", 503: "busy" } as const;
/** Nothing that a visitor does helps; what to do is for the operator. */
const INCOMPLETE: ErrorCode[] = ["misconfigured", "database_not_migrated"];

/**
 * Renders a failure as a page for a person who followed a link or sent a form, as a problem for
 * anything else. A host that the service does not answer has no pages: their links would fail too.
 */
export const problemOrPage = (c: Context, failure: Err): Response | Promise<Response> =>
  isNavigation(c) && failure.code !== "misdirected_request" ? failurePage(c, failure) : problem(c, failure);

/** Browsers mark navigations in `Sec-Fetch-Mode`; old ones prefer HTML. */
export function isNavigation(c: Context): boolean {
  const mode = c.req.header("sec-fetch-mode");
  return mode ? mode === "navigate" : (c.req.header("accept")?.startsWith("text/html,application/xhtml+xml") ?? false);
}

function failurePage(c: Context, failure: Err) {
  const t = translations(c);
  const { code } = failure;
  const { status } = errors[code];
  const isIncomplete = INCOMPLETE.includes(code);
  const retryAfter = isIncomplete ? undefined : retryAfterSeconds(failure);
  const name = isIncomplete ? "incomplete" : (PAGES[status as keyof typeof PAGES] ?? "failed");
  const children = (
    <>
      <p>{t.errors.pages[name].text}</p>
      {isIncomplete && failure.errors?.map(({ path, message }) => <p>{`${path}: ${message}`}</p>)}
      {retryAfter && <Countdown t={t} seconds={retryAfter} />}
      <nav>
        {c.req.method === "GET" && !isIncomplete && RETRIABLE.includes(status) && (
          <a href={c.req.url}>{t.errors.tryAgain}</a>
        )}
        <a href="/sign-in">{t.login.signIn}</a>
      </nav>
      <p>
        <small>{code}</small>
      </p>
    </>
  );
  return showPage(c, { title: t.errors.pages[name].title, failure, children });
}
