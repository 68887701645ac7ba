/** The states of pages for a required second factor, trusted browsers and lost factors. */
import { err } from "../result.ts";
import { form, type Sample } from "./sample.ts";
import { keptEnrollment } from "./sample-data.ts";

const MUST_ADD = { login_token: "x totp,passkey enroll" };

export const policySamples = (): Record<string, Sample> => ({
  "add-factor": form("/sign-in/add-factor", {}, undefined, MUST_ADD),
  "add-factor-refused": form("/sign-in/add-factor", {}, err("invalid_passkey"), MUST_ADD),
  "add-factor-app": form("/sign-in/add-factor/app", {}, undefined, keptEnrollment),
  "add-factor-app-refused": form("/sign-in/add-factor/app", { code: "123456" }, err("invalid_code"), keptEnrollment),
});
