/** The hosted pages. Their forms are same-origin, so no other origin may read or call them. */
import { Hono } from "hono";
import { languagePages } from "../features/account/language-page.ts";
import { accountPages } from "../features/account/page.tsx";
import { releasePages } from "../features/address-release/page.tsx";
import { apiKeyPages } from "../features/api-keys/page.tsx";
import { codePages } from "../features/factors/codes-page.tsx";
import { totpPages } from "../features/factors/totp-page.tsx";
import { loginCodePages } from "../features/login/code-page.tsx";
import { enrollmentPages } from "../features/login/enrollment-page.tsx";
import { secondFactorPages } from "../features/login/factor-page.tsx";
import { signInPages } from "../features/login/page.tsx";
import { signOutPages } from "../features/logout/page.tsx";
import { appPages } from "../features/oauth/apps-page.tsx";
import { authorizePages } from "../features/oauth/authorize-page.tsx";
import { devicePages } from "../features/oauth/device-page.tsx";
import { logoutPages } from "../features/oauth/logout-page.tsx";
import { passkeyPages } from "../features/passkeys/page.tsx";
import { resetPages } from "../features/password-reset/page.tsx";
import { renewPages } from "../features/refresh/page.tsx";
import { signUpPages } from "../features/register/page.tsx";
import { welcomePages } from "../features/service/welcome-page.tsx";
import { sessionPages } from "../features/sessions/page.tsx";
import { identityPages } from "../features/social/identities-page.tsx";
import { socialPages } from "../features/social/page.tsx";
import { trustedDevicePages } from "../features/trusted-devices/page.tsx";
import { verifyPages } from "../features/verification/page.tsx";
import { galleryPages } from "../gallery/gallery-page.tsx";
import type { AppEnv } from "../http/app-env.ts";
import { pageAssets } from "../pages/assets.ts";

export const pages = new Hono<AppEnv>()
  .route("/", pageAssets)
  .route("/", welcomePages)
  .route("/", signInPages)
  .route("/", loginCodePages)
  .route("/", secondFactorPages)
  .route("/", enrollmentPages)
  .route("/", socialPages)
  .route("/", authorizePages)
  .route("/", logoutPages)
  .route("/", devicePages)
  .route("/", signOutPages)
  .route("/", signUpPages)
  .route("/", verifyPages)
  .route("/", resetPages)
  .route("/", releasePages)
  .route("/", renewPages)
  .route("/", sessionPages)
  .route("/", trustedDevicePages)
  .route("/", appPages)
  .route("/", apiKeyPages)
  .route("/", accountPages)
  .route("/", totpPages)
  .route("/", passkeyPages)
  .route("/", identityPages)
  .route("/", codePages)
  .route("/", languagePages);

// The bundler evaluates the condition, so a deployed Worker does not contain these pages.
if (process.env["NODE_ENV"] === "development") pages.route("/", galleryPages);
