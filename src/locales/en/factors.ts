import type { SecondFactor } from "../../contract/factors.ts";
import type { Plural } from "../fill.ts";

/** Words for a code of a second factor, by where the code comes from. */
interface CodeWords {
  lead: string;
  label: string;
  hint: string;
  /** Shown for a wrong code. */
  wrong: string;
}

export interface FactorsMessages {
  code: {
    /** The title of the second step of a sign-in. */
    title: string;
    submit: string;
    totp: CodeWords;
    recovery_code: CodeWords;
    /** The links to the other factors. */
    others: Record<SecondFactor, string>;
    locked: string;
  };
  /** Shown before a change that needs a fresh code. */
  identity: { title: string; lead: string; codeLead: string };
  notices: Record<"totpAdded" | "totpRemoved" | "codesCreated", string>;
  /** Shown after a sign-in by a recovery code. */
  codeUsed: Plural;
  app: {
    title: string;
    purpose: string;
    notSetUp: string;
    /** `{when}` is a date. */
    added: string;
    add: string;
    remove: string;
    lead: string;
    expired: string;
    setUp: string;
    scan: string;
    /** Describes the QR code to those who do not see it. */
    qrCode: string;
    key: string;
    enter: string;
    confirm: { submit: string };
    removal: string;
  };
  codes: {
    title: string;
    purpose: string;
    left: Plural;
    /** Shown when three or fewer are left. */
    low: string;
    renewal: string;
    saveTitle: string;
    lead: string;
    saved: { submit: string };
  };
  /** Shown before the last second factor is removed. */
  lastFactor: string;
  acts: Record<"copy" | "copied" | "download" | "print" | "create", string>;
}

export const factors: FactorsMessages = {
  code: {
    title: "Enter your code",
    submit: "Continue",
    totp: {
      lead: "Open your authenticator app and enter the code for this account.",
      label: "Code from the app",
      hint: "6 digits. They change every 30 seconds.",
      wrong:
        "This code is wrong or was already used. Enter the one that the app shows now. If it keeps failing, turn on automatic time in your phone's settings.",
    },
    recovery_code: {
      lead: "Enter one of the recovery codes that you saved. Each one works once.",
      label: "Recovery code",
      hint: "10 letters and digits.",
      wrong: "This code is wrong or was already used. Enter another one.",
    },
    others: {
      passkey: "Use your passkey",
      totp: "Use your authenticator app",
      recovery_code: "Use a recovery code",
    },
    locked: "Too many failed attempts. Wait a while, then try again.",
  },
  identity: {
    title: "Confirm it's you",
    lead: "You're about to make an important change to your account.",
    codeLead: "We'll send you a code first.",
  },
  notices: {
    totpAdded: "Authenticator app added. You've been signed out on all other devices.",
    totpRemoved: "Authenticator app removed. You've been signed out on all other devices.",
    codesCreated: "New recovery codes created. You've been signed out on all other devices.",
  },
  codeUsed: {
    one: "You signed in with a recovery code. {count} code is left.",
    other: "You signed in with a recovery code. {count} codes are left.",
  },
  app: {
    title: "Authenticator app",
    purpose: "Asks for a code from the app after your password, so a stolen password isn't enough to sign in.",
    notSetUp: "Not set up",
    added: "Added {when}",
    add: "Add authenticator app",
    remove: "Remove authenticator app",
    lead: "You need an app that shows sign-in codes, such as Google Authenticator or your password manager. From then on, your password alone isn't enough to sign in: you also enter a code.",
    expired: "The setup has expired. Start again.",
    setUp: "Set up your authenticator app",
    scan: "Scan this QR code with your authenticator app.",
    qrCode: "QR code with the setup key below",
    key: "Or enter this setup key in the app:",
    enter: "Then enter the code that the app shows.",
    confirm: { submit: "Confirm" },
    removal: "Codes from this app will no longer sign you in.",
  },
  codes: {
    title: "Recovery codes",
    purpose: "Let you sign in if you lose the device with your app or passkey.",
    left: { one: "{count} code left", other: "{count} codes left" },
    low: "Create new codes before you run out.",
    renewal: "Your current recovery codes will stop working.",
    saveTitle: "Save your recovery codes",
    lead: "If you lose the device with your app or passkey, sign in with your password and one of these codes. Each one works once. Keep them in a safe place, such as a password manager: we won't show them again.",
    saved: { submit: "I saved them" },
  },
  lastFactor: "Your password alone will then be enough to sign in, and your recovery codes will stop working.",
  acts: {
    copy: "Copy",
    copied: "Copied",
    download: "Download",
    print: "Print",
    create: "Create new codes",
  },
};
