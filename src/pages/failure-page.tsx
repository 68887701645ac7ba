import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type Err, err } from "../result.ts";
import type { Problem } from "../schemas/problem.ts";
import { Countdown } from "./fields.tsx";
import { sayingsOf, showPage } from "./page.tsx";

const PAGES = { 404: "notFound", 429: "tooMany", 503: "busy" } as const;

/** Shows a failure as a page to a person, who has followed a link or sent a form. */
export const failurePages = createMiddleware(async (c, next) => {
  await next();
  const isProblem = c.res.headers.get("content-type") === "application/problem+json";
  if (!isProblem || !c.req.header("accept")?.includes("text/html")) return;

  const { headers } = c.res;
  const { status, code }: Problem = await c.res.json();
  const retryAfterSeconds = Number(headers.get("retry-after"));
  const page = showFailure(c, status, err(code), retryAfterSeconds);
  c.res = undefined;
  c.res = page;
  for (const name of KEPT) {
    const value = headers.get(name);
    if (value) c.header(name, value);
  }
});

const KEPT = ["allow", "retry-after", "www-authenticate"];

function showFailure(c: Context, status: number, failure: Err, retryAfterSeconds: number) {
  const say = sayingsOf(c);
  const name = PAGES[status as keyof typeof PAGES] ?? "failed";
  const children = (
    <>
      <p>{say.texts[name]}</p>
      {retryAfterSeconds > 0 && <Countdown say={say} seconds={retryAfterSeconds} />}
      <nav>
        {c.req.method === "GET" && status !== 404 && <a href={c.req.path}>{say.actions.tryAgain}</a>}
        <a href="/sign-in">{say.links.signIn}</a>
      </nav>
      <p>
        <small>{failure.code}</small>
      </p>
    </>
  );
  return showPage(c, { title: say.titles[name], failure, children });
}
