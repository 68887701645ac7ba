import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { failureOf } from "./failure.ts";
import { accountRoutes } from "./features/account/routes.ts";
import { docsRoutes } from "./features/docs/routes.ts";
import { healthRoutes } from "./features/health/routes.ts";
import { loginRoutes } from "./features/login/routes.ts";
import { outboxRoutes } from "./features/outbox/routes.ts";
import { passwordResetRoutes } from "./features/password-reset/routes.ts";
import { registerRoutes } from "./features/register/routes.ts";
import { sessionsRoutes } from "./features/sessions/routes.ts";
import { tokensRoutes } from "./features/tokens/routes.ts";
import { verificationRoutes } from "./features/verification/routes.ts";
import type { AppEnv } from "./http/app-env.ts";
import { MAX_BODY_BYTES } from "./http/body.ts";
import { provideDeps } from "./http/deps.ts";
import { allowOrigins, noStore, securityHeaders } from "./http/headers.ts";
import { problem } from "./http/problem.ts";
import { requestLog } from "./http/request-log.ts";
import { failurePages } from "./pages/failure-page.tsx";
import { err } from "./result.ts";
import { site } from "./site.ts";

const api = new Hono<AppEnv>()
  .route("/auth", registerRoutes)
  .route("/auth", loginRoutes)
  .route("/auth", passwordResetRoutes)
  .route("/auth", verificationRoutes)
  .route("/", accountRoutes)
  .route("/", tokensRoutes)
  .route("/", sessionsRoutes)
  .route("/", healthRoutes)
  .route("/", docsRoutes)
  .route("/", outboxRoutes);

export const app = new Hono<AppEnv>();
app
  .use(requestLog, securityHeaders, noStore, failurePages)
  .use(provideDeps)
  .use(allowOrigins)
  .use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => problem(c, err("body_too_large")) }))
  .use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header("Allow", methods.join(", "));
        return problem(c, err("method_not_allowed"));
      },
    }),
  )
  .route("/", api)
  .route("/api/v1", api)
  .route("/", site)
  .notFound((c) => problem(c, err("not_found")))
  .onError((error, c) => problem(c, failureOf(error)));
