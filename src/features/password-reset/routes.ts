import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { body, readForm } from "../../http/body.ts";
import { limit } from "../../http/limit.ts";
import { problem, RETRY_AFTER_SECONDS } from "../../http/problem.ts";
import { DEFAULT_LOCALE } from "../../locales/locales.ts";
import { PAGE_POLICY, type ResetState, resetPage } from "./page.ts";
import {
  RequestReset,
  ResetByCode,
  ResetByLink,
  ResetByLinkInPath,
  requestReset,
  resetByCode,
  resetByLink,
} from "./password-reset.ts";

export const passwordResetRoutes = new Hono<AppEnv>()
  .post("/forgot-password", limit("send"), body(RequestReset), async (c) => {
    const requested = await requestReset(c.var.deps, "password-reset-link", c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  })
  .post("/request-reset", limit("send"), body(RequestReset), async (c) => {
    const requested = await requestReset(c.var.deps, "password-reset-code", c.req.valid("json"));
    return requested.ok ? c.body(null, 202) : problem(c, requested);
  })
  .post("/reset-password", limit("guess"), body(ResetByLink), async (c) => {
    const reset = await resetByLink(c.var.deps, c.req.valid("json"));
    return reset.ok ? c.body(null, 204) : problem(c, reset);
  })
  .post("/reset-password/:token", limit("guess"), body(ResetByLinkInPath), async (c) => {
    const reset = await resetByLink(c.var.deps, { token: c.req.param("token"), ...c.req.valid("json") });
    return reset.ok ? c.body(null, 204) : problem(c, reset);
  })
  .post("/verify-reset", limit("guess"), body(ResetByCode), async (c) => {
    const reset = await resetByCode(c.var.deps, c.req.valid("json"));
    return reset.ok ? c.body(null, 204) : problem(c, reset);
  });

/** The page that a link opens where no frontend is set up. To GET or HEAD it uses nothing up: mail scanners do that. */
export const resetPageRoutes = new Hono<AppEnv>()
  .get("/reset-password", (c) => answerPage(c, 200, { token: c.req.query("token") ?? "" }))
  .post("/reset-password", limit("guess"), async (c) => {
    const fields = await readForm(c);
    const form = ResetByLink.safeParse(fields);
    const { token = "" } = fields ?? {};
    if (!form.success) return answerPage(c, 422, { token, refusal: "refusedPassword" });

    const reset = await resetByLink(c.var.deps, form.data);
    if (reset.ok) return answerPage(c, 200, "done");
    if (reset.code === "invalid_request") return answerPage(c, 422, { token, refusal: "refusedPassword" });
    if (reset.code === "overloaded") return answerPage(c, 503, { token, refusal: "busy" });
    return answerPage(c, 400, "invalidLink");
  });

function answerPage(c: Context<AppEnv>, status: 200 | 400 | 422 | 503, state: ResetState) {
  const locale = c.var.deps.client.locale ?? DEFAULT_LOCALE;
  if (status === 503) c.header("Retry-After", String(RETRY_AFTER_SECONDS[status]));
  return c.html(resetPage(locale, state), status, { "Content-Security-Policy": PAGE_POLICY });
}
