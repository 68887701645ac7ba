/** The API keys of a user. */
export interface ApiKeysMessages {
  title: string;
  /** Describes the page in the account settings. */
  purpose: string;
  manage: string;
  lead: string;
  none: string;
  create: string;
  creating: string;
  /** How long a key is valid. */
  validity: Record<"days" | "year" | "never", string>;
  /** `{when}` is a time. */
  created: string;
  expires: string;
  expired: string;
  /** Of a key that does not expire. */
  endless: string;
  revoke: string;
  revoked: string;
  /** `{name}` is that of a key. */
  revocation: { title: string; lead: string };
  /** The key, which is shown once. */
  shown: { title: string; lead: string; submit: string };
  tooMany: string;
}

export const apiKeys: ApiKeysMessages = {
  title: "API keys",
  purpose: "Keys for programs that use your account.",
  manage: "Manage API keys",
  lead: "A program that has one of these keys can act for you in the ways listed.",
  none: "No API keys yet.",
  create: "Create API key",
  creating: "Give the key only the permissions that the program needs. You can revoke it at any time.",
  validity: { days: "{days} days", year: "1 year", never: "Never" },
  created: "Created {when}",
  expires: "Expires {when}",
  expired: "Expired",
  endless: "Doesn't expire",
  revoke: "Revoke",
  revoked: "The API key was revoked. It no longer works.",
  revocation: {
    title: "Revoke {name}?",
    lead: "Programs that use this key can no longer act for you. You can't undo this.",
  },
  shown: {
    title: "Copy your API key",
    lead: "Copy the key now and keep it safe, like a password. You won't see it again.",
    submit: "I've saved it",
  },
  tooMany: "You have 50 API keys. Revoke one that you no longer use first.",
};
