import type { Context } from "hono";
import { type ErrorCode, errors } from "../errors.ts";
import type { AppEnv } from "../http/app-env.ts";
import { problem, retryAfterSeconds } from "../http/problem.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import { FileUnavailableError } from "../static-file.ts";
import { FailureCode, SignInLink } from "./failure-foot.tsx";
import { Countdown } from "./form-parts.tsx";
import { wantsPage } from "./navigation.ts";
import { showPage, translations } from "./page.tsx";

const RETRIABLE = [429, 500, 503];
const PAGES = { 404: "notFound", 429: "tooMany", 503: "busy" } as const;
/** A visitor cannot fix these. The operator can. */
const INCOMPLETE: ErrorCode[] = ["misconfigured", "database_not_migrated"];

/**
 * Renders a failure as a page for a person who followed a link or sent a form, as a problem for
 * anything else, and also if the words of pages cannot be read. A host that the service does not
 * answer has no pages: their links would fail too.
 */
export async function problemOrPage(c: Context, failure: Err): Promise<Response> {
  if (!wantsPage(c) || failure.code === "misdirected_request") return problem(c, failure);
  try {
    return await failurePage(c, failure);
  } catch (error) {
    if (error instanceof FileUnavailableError) return problem(c, failure);
    throw error;
  }
}

/** Renders a failure as a page, in words for people. */
export async function failurePage<E extends AppEnv>(c: Context<E>, failure: Err) {
  const t = await translations(c);
  const { code } = failure;
  const { status } = errors[code];
  const isIncomplete = INCOMPLETE.includes(code);
  const retryAfter = isIncomplete ? undefined : retryAfterSeconds(failure);
  const name = nameOf(code);
  const page = t.errors.pages[name];
  const canRetry = c.req.method === "GET" && !isIncomplete && RETRIABLE.includes(status);
  const children = (
    <>
      {"text" in page && <p>{page.text}</p>}
      {name === "foreignForm" && <NeedsHttps t={t} c={c} />}
      {process.env["NODE_ENV"] === "development" && isIncomplete && <Settings {...failure} />}
      {retryAfter && <Countdown text={t.errors.retryIn} seconds={retryAfter} />}
      {canRetry && (
        <a class="button" href={c.req.url}>
          {t.errors.tryAgain}
        </a>
      )}
      {!isIncomplete && <SignInLink t={t} />}
      <FailureCode t={t} code={code} />
    </>
  );
  return showPage(c, { title: page.title, failure, children });
}

/** Returns the name of the words for a failure. */
function nameOf(code: ErrorCode) {
  if (code === "origin_not_allowed") return "foreignForm";
  if (INCOMPLETE.includes(code)) return "incomplete";
  return PAGES[errors[code].status as keyof typeof PAGES] ?? "failed";
}

/** The missing or invalid settings. Only a developer sees them. */
const Settings = ({ errors: settings }: Err) => (
  <ul class="list">
    {settings?.map(({ path, message }) => (
      <li>
        <code>{path}</code>: {message}
      </li>
    ))}
  </ul>
);

/**
 * The cause of most failures over http: browsers then do not name the sender of a form, and drop
 * the cookies of the session. Empty over https.
 */
export const NeedsHttps = ({ t, c }: { t: PageMessages; c: Context }) =>
  c.req.url.startsWith("http:") ? <p>{t.errors.needsHttps}</p> : null;
