import type { Plural } from "../fill.ts";

interface FailureWords {
  title: string;
  text: string;
}

/** `{provider}` is the name of an identity provider, such as Google. */
export interface SocialMessages {
  /** Between the forms of a page and the buttons below. */
  or: string;
  continueWith: string;
  /** Marks the button that this browser used last. */
  lastUsed: string;
  /** Shown at the sign-in to a user whose address has an account. */
  exists: string;
  failures: Record<
    | "provider_denied"
    | "provider_unavailable"
    | "provider_refused"
    | "provider_not_asked"
    | "invalid_state"
    | "identity_exists"
    | "verification_required",
    FailureWords
  >;
  otherWays: string;
  title: string;
  purpose: string;
  count: Plural;
  none: string;
  manage: string;
  /** `{when}` is a date. */
  linked: string;
  link: string;
  /** Before the browser leaves for the provider. */
  leaving: string;
  /** Before an identity that was proven is linked. */
  linkThis: string;
  linkNow: { submit: string };
  account: string;
  skip: string;
  unlink: string;
  removal: string;
  lastWayIn: string;
  notices: Record<"identityLinked" | "identityUnlinked", string>;
  /** Shown to the user of another account than the one with the address. */
  otherAccount: string;
}

export const social: SocialMessages = {
  or: "or",
  continueWith: "Continue with {provider}",
  lastUsed: "Last used",
  exists: "An account with this email already exists. Sign in to it as usual, then you can link {provider}.",
  failures: {
    provider_denied: {
      title: "Sign-in canceled",
      text: "You didn't finish signing in with {provider}. Nothing was changed.",
    },
    provider_unavailable: {
      title: "{provider} isn't responding",
      text: "We can't reach {provider} right now. Try again in a moment, or sign in another way.",
    },
    provider_refused: {
      title: "Sign-in failed",
      text: "We couldn't confirm your sign-in with {provider}. Try again, or sign in another way.",
    },
    provider_not_asked: {
      title: "Sign in there again",
      text: "{provider} didn't ask you to sign in again. Sign out there and try again, or use another way.",
    },
    invalid_state: {
      title: "This sign-in has expired",
      text: "It took too long, was already used, or began in another browser. Start again here.",
    },
    identity_exists: {
      title: "Not linked",
      text: "This {provider} account is linked to another account here, or you have linked too many. Sign in with it to find out, and unlink it there first.",
    },
    verification_required: {
      title: "One more step",
      text: "{provider} didn't confirm an email address of yours. Create an account with your email, or sign in. Then link {provider} in your account settings.",
    },
  },
  otherWays: "Other ways to sign in",
  title: "Linked accounts",
  purpose: "Accounts at other services that sign you in here.",
  count: { one: "{count} linked account", other: "{count} linked accounts" },
  none: "None yet",
  manage: "Manage linked accounts",
  linked: "Linked {when}",
  link: "Link {provider}",
  leaving: "{provider} will ask you to sign in there. From then on, your account there signs you in here.",
  linkThis: "From then on, you can sign in here with this {provider} account.",
  linkNow: { submit: "Link account" },
  account: "{provider} account without an email",
  skip: "Not now",
  unlink: "Unlink {provider}",
  removal: "Your {provider} account will no longer sign you in here.",
  lastWayIn: "It's your only way to sign in. Add a passkey or a password first.",
  notices: {
    identityLinked: "Account linked. You've been signed out on all other devices.",
    identityUnlinked: "Account unlinked. You've been signed out on all other devices.",
  },
  otherAccount:
    "The email of that account belongs to another account here. To use both together, sign out and sign in to the other one.",
};
