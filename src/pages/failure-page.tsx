import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { errors } from "../errors.ts";
import { type Err, err } from "../result.ts";
import type { Problem } from "../schemas/problem.ts";
import { Countdown } from "./fields.tsx";
import { showPage, translations } from "./page.tsx";

const RETRIABLE = [429, 500, 503];
const PAGES = { 404: "notFound", 429: "tooMany", 503: "busy" } as const;

/** Shows a failure as a page to a person, who has followed a link or sent a form. */
export const failurePages = createMiddleware(async (c, next) => {
  await next();
  const isProblem = c.res.headers.get("content-type") === "application/problem+json";
  if (!isProblem || !isForPerson(c)) return;

  const retryAfter = c.res.headers.get("retry-after");
  const { code }: Problem = await c.res.json();
  c.res = showFailure(c, { ...err(code), ...(retryAfter && { retryAfterSeconds: Number(retryAfter) }) });
});

/** A browser that goes to a page says so, an old one by what it likes best. */
function isForPerson(c: Context): boolean {
  const mode = c.req.header("sec-fetch-mode");
  return mode ? mode === "navigate" : (c.req.header("accept")?.startsWith("text/html,application/xhtml+xml") ?? false);
}

function showFailure(c: Context, failure: Err) {
  const t = translations(c);
  const { code, retryAfterSeconds } = failure;
  const { status } = errors[code];
  const name = PAGES[status as keyof typeof PAGES] ?? "failed";
  const children = (
    <>
      <p>{t.texts[name]}</p>
      {retryAfterSeconds && <Countdown t={t} seconds={retryAfterSeconds} />}
      <nav>
        {c.req.method === "GET" && RETRIABLE.includes(status) && <a href={c.req.url}>{t.actions.tryAgain}</a>}
        <a href="/sign-in">{t.links.signIn}</a>
      </nav>
      <p>
        <small>{code}</small>
      </p>
    </>
  );
  return showPage(c, { title: t.titles[name], failure, children });
}
