interface FieldMessages {
  label: string;
  /** Shown below the field until it has an error. */
  hint?: string;
  invalid: string;
  /** Shown when another account has the same value. */
  taken?: string;
  /** Shown when the account has the same value, and proven. */
  unchanged?: string;
}

/** Fields of the forms, by their names in the API. */
export type FieldName =
  | "identifier"
  | "address"
  | "email"
  | "phone"
  | "username"
  | "password"
  | "old_password"
  | "new_password"
  | "otp"
  | "code"
  | "first_name"
  | "last_name"
  | "name"
  | "scopes"
  | "expires_in"
  | "short_description"
  | "contact"
  | "locale";

export type FieldsMessages = Record<FieldName, FieldMessages> & {
  /** `nationalHint` replaces the hint where a number needs no country code. */
  phone: { hint: string; nationalHint: string };
};

export const fields: FieldsMessages = {
  identifier: {
    label: "Email, phone, or username",
    invalid: "Enter your email, phone number, or username.",
  },
  /** An email address or a phone number, of a new account. */
  address: {
    label: "Email or phone",
    invalid: "Enter your email or phone number.",
  },
  email: {
    label: "Email",
    invalid: "Enter an email address, like jane@example.com.",
    taken: "An account with this email already exists.",
    unchanged: "This is already your email.",
  },
  phone: {
    label: "Phone",
    hint: "Include the country code, like +1\u00a0202\u00a0555\u00a00123. Text messages can be intercepted, so add an email too.",
    nationalHint:
      "Without a country code, we use {code} ({country}). Text messages can be intercepted, so add an email too.",
    invalid: "Enter a mobile number that we can text, like +1\u00a0202\u00a0555\u00a00123.",
    taken: "An account with this phone number already exists.",
    unchanged: "This is already your phone number.",
  },
  username: {
    label: "Username",
    invalid: "Use 3 to 32 letters, digits, dots, hyphens, or underscores. Start with a letter.",
    taken: "This username is taken.",
  },
  password: {
    label: "Password",
    invalid: "Use 8 to 256 characters. Avoid your name and anything else that's easy to guess.",
  },
  old_password: { label: "Current password", invalid: "Enter your current password." },
  new_password: {
    label: "New password",
    hint: "At least 8 characters.",
    invalid: "Use 8 to 256 characters. Avoid your name and anything else that's easy to guess.",
  },
  otp: { label: "Code", hint: "6 digits.", invalid: "Enter all digits of the code." },
  /** Of a second factor. */
  code: { label: "Code", invalid: "Enter all characters of the code." },
  first_name: { label: "First name", invalid: "Use up to 100 characters on one line." },
  last_name: { label: "Last name", invalid: "Use up to 100 characters on one line." },
  name: { label: "Name", invalid: "Use 1 to 60 characters." },
  scopes: { label: "Permissions", invalid: "Choose at least one permission." },
  expires_in: { label: "Expires after", invalid: "Choose how long the key works." },
  short_description: { label: "About you", invalid: "Use up to 500 characters." },
  contact: { label: "Preferred contact", invalid: "Choose an email or phone number from your account." },
  locale: { label: "Preferred language", invalid: "Choose a language." },
};
