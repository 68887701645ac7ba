/** The formats by their names in `--from`. */
import { auth0 } from "./auth0.ts";
import { betterAuth } from "./better-auth.ts";
import { clerk } from "./clerk.ts";
import { django } from "./django.ts";
import { firebase } from "./firebase.ts";
import type { Format } from "./format.ts";
import { keycloak } from "./keycloak.ts";
import { kratos } from "./kratos.ts";
import { ndjson } from "./ndjson.ts";
import { supabase } from "./supabase.ts";

export const FORMATS: Record<string, Format> = {
  ndjson,
  "better-auth": betterAuth,
  supabase,
  clerk,
  auth0,
  firebase: firebase(undefined),
  keycloak,
  django,
  kratos,
};
