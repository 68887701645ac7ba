/**
 * The JSON API. Its failures are problems (RFC 9457), or a page for a person who navigates to them;
 * `token.ts` has the two paths that also take forms.
 * It is mounted at `/` and at `/api/v1`.
 */
import { Hono } from "hono";
import { accountRoutes } from "../features/account/routes.ts";
import { addressReleaseRoutes } from "../features/address-release/routes.ts";
import { apiKeyRoutes } from "../features/api-keys/routes.ts";
import { factorRoutes } from "../features/factors/routes.ts";
import { loginRoutes } from "../features/login/routes.ts";
import { logoutRoutes } from "../features/logout/routes.ts";
import { grantRoutes } from "../features/oauth/routes.ts";
import { passkeyRoutes } from "../features/passkeys/routes.ts";
import { passwordResetRoutes } from "../features/password-reset/routes.ts";
import { refreshRoutes } from "../features/refresh/routes.ts";
import { registerRoutes } from "../features/register/routes.ts";
import { outboxRoutes } from "../features/service/development-page.tsx";
import { serviceRoutes } from "../features/service/routes.ts";
import { sessionsRoutes } from "../features/sessions/routes.ts";
import { socialRoutes } from "../features/social/page.tsx";
import { identityRoutes } from "../features/social/routes.ts";
import { trustedDeviceRoutes } from "../features/trusted-devices/routes.ts";
import { userExportRoutes } from "../features/user-export/routes.ts";
import { verificationRoutes } from "../features/verification/routes.ts";
import type { AppEnv } from "../http/app-env.ts";
import { tokenRoutes } from "./token.ts";

export const api = new Hono<AppEnv>()
  .route("/auth", tokenRoutes)
  .route("/auth", registerRoutes)
  .route("/auth", loginRoutes)
  .route("/auth", socialRoutes)
  .route("/auth", refreshRoutes)
  .route("/auth", logoutRoutes)
  .route("/auth", passwordResetRoutes)
  .route("/auth", verificationRoutes)
  .route("/auth", addressReleaseRoutes)
  .route("/", accountRoutes)
  .route("/", factorRoutes)
  .route("/", passkeyRoutes)
  .route("/", identityRoutes)
  .route("/", sessionsRoutes)
  .route("/", grantRoutes)
  .route("/", apiKeyRoutes)
  .route("/", trustedDeviceRoutes)
  .route("/", userExportRoutes)
  .route("/", serviceRoutes);

// The bundler evaluates the condition, so a deployed Worker does not contain these routes.
if (process.env["NODE_ENV"] === "development") api.route("/", outboxRoutes);
