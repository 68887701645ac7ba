import { Hono } from "hono";
import type { SignedInEnv } from "../../pages/session.ts";
import { activityPages } from "./activity-page.tsx";
import { addressPages } from "./address-page.tsx";
import { credentialPages } from "./credentials-page.tsx";
import { factorRemovalPages } from "./factor-removal-page.tsx";
import { identityCodePages } from "./identity-code-page.tsx";
import { identityPage } from "./identity-page.tsx";
import { overviewPages } from "./overview-page.tsx";
import { profilePage } from "./profile-page.tsx";

export const accountPages = new Hono<SignedInEnv>()
  .route("/", overviewPages)
  .route("/", activityPages)
  .route("/", profilePage)
  .route("/", credentialPages)
  .route("/", identityPage)
  .route("/", identityCodePages)
  .route("/", factorRemovalPages)
  .route("/", addressPages);
