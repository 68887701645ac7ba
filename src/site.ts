import { Hono } from "hono";
import { credentialPages } from "./features/account/credentials-page.tsx";
import { accountPages } from "./features/account/page.tsx";
import { signInPages } from "./features/login/page.tsx";
import { resetPages } from "./features/password-reset/page.tsx";
import { signUpPages } from "./features/register/page.tsx";
import { sessionPages } from "./features/sessions/page.tsx";
import { renewPages } from "./features/tokens/page.ts";
import { verifyPages } from "./features/verification/page.tsx";
import { welcomePages } from "./features/welcome/page.tsx";
import type { AppEnv } from "./http/app-env.ts";
import { pageAssets } from "./pages/assets.ts";

/** The hosted pages: their table of contents. */
export const site = new Hono<AppEnv>()
  .route("/", pageAssets)
  .route("/", welcomePages)
  .route("/", signInPages)
  .route("/", signUpPages)
  .route("/", verifyPages)
  .route("/", resetPages)
  .route("/", renewPages)
  .route("/", sessionPages)
  .route("/", accountPages)
  .route("/", credentialPages);
