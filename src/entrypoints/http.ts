/**
 * The HTTP entry point: what all requests share, and the order of the others.
 *
 * `/admin` belongs to another Worker, if there is one. Well-known documents and pages answer their
 * own paths. Everything else belongs to the API, whose CORS rules also apply to unknown paths.
 * Middleware and handlers return failures as values; `renderFailure` of the entry point makes
 * responses of them.
 */
import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { fail } from "../http/answer.ts";
import type { AppEnv } from "../http/app-env.ts";
import { limitBody } from "../http/body.ts";
import { nameEndUser } from "../http/end-user.ts";
import { allowOrigins, noStore, securityHeaders } from "../http/headers.ts";
import { requireOwnHost } from "../http/host.ts";
import { provideDeps } from "../http/request-context.ts";
import { requestLog } from "../http/request-log.ts";
import { problemOrPage } from "../pages/failure-page.tsx";
import { err } from "../result.ts";
import { api } from "./api.ts";
import { oauth } from "./oauth.ts";
import { pages } from "./pages.ts";
import { failureOf } from "./thrown.ts";
import { tokenErrors } from "./token.ts";
import { wellKnown } from "./well-known.ts";

/** The binding is not in `wrangler.toml`: the Worker in `workers/admin` is optional. */
export interface AdminBinding {
  ADMIN_WORKER?: Fetcher | undefined;
}

/** Forwards a request as it is. Copies the answer, whose headers could not be changed. */
async function forward(worker: Fetcher, request: Request): Promise<Response> {
  const response = await worker.fetch(request);
  return new Response(response.body, response);
}

/** A slash at the end of a path does not matter. No redirect: it would lose the body of a POST. */
export const app = new Hono<AppEnv>({ strict: false });
app
  .use(requestLog, securityHeaders, noStore)
  .use((c, next) => {
    c.set("renderFailure", problemOrPage);
    return next();
  })
  .route("/", tokenErrors)
  .route("/api/v1", tokenErrors)
  .use(provideDeps, requireOwnHost)
  .use("/admin/*", (c, next) => {
    const { ADMIN_WORKER: admin }: Env & AdminBinding = c.env;
    return admin ? forward(admin, c.req.raw) : next();
  })
  .use(nameEndUser)
  .use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        // Hono copies the headers of the rendered 404 into this response, whose page has a nonce of
        // its own.
        c.res.headers.delete("Content-Security-Policy");
        c.header("Allow", methods.join(", "));
        return fail(c, err("method_not_allowed"));
      },
    }),
  )
  .route("/", wellKnown)
  .route("/", pages)
  .route("/oauth", oauth)
  .use(allowOrigins, limitBody)
  .route("/", api)
  .route("/api/v1", api)
  // A token endpoint has no 404, from which `methodNotAllowed` tells a wrong method.
  .notFound((c) => problemOrPage(c, err("not_found")))
  .onError((error, c) => fail(c, failureOf(error)));
