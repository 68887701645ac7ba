import * as z from "zod";
import { type Err, err } from "../result.ts";
import { line, text } from "./text.ts";

/** What users tell about themselves. */
export const profileFields = {
  first_name: line({ max: 100 }).nullish(),
  last_name: line({ max: 100 }).nullish(),
  /** Which of the user's addresses is written to first. */
  contact: z.enum(["email", "phone"]).nullish(),
  /** Which language the user is written to in, a BCP 47 tag such as `de` or `en-GB`. */
  locale: z
    .string()
    .max(35, "Must have at most 35 characters.")
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, "Must be a language tag such as `de` or `en-GB`.")
    .nullish(),
  short_description: text({ max: 500 }).nullish(),
};

type ProfileFields = z.infer<z.ZodObject<typeof profileFields>>;

/** As storage calls them; what was not given is undefined. */
export const toProfile = (given: ProfileFields) => ({
  firstName: given.first_name,
  lastName: given.last_name,
  contact: given.contact,
  shortDescription: given.short_description,
  locale: given.locale,
});

/** When the contact is an address that the account does not have. */
export const refuseContact = (): Err =>
  err("invalid_request", [{ path: "contact", message: "Names what the account does not have." }]);

interface Reachable {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  contact?: "email" | "phone" | null | undefined;
}

/** That an account to be can be written to. */
export const hasAddress = z.refine<Reachable>(({ email, phone }) => Boolean(email || phone), {
  path: ["email"],
  error: "Give an e-mail address or a phone number.",
});
export const hasItsContact = z.refine<Reachable>((given) => !given.contact || Boolean(given[given.contact]), {
  path: ["contact"],
  error: "Names what is not given.",
});
