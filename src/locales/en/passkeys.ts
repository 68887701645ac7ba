import type { Plural } from "../fill.ts";

export interface PasskeysMessages {
  /** The button of the sign-in page. */
  signIn: { submit: string };
  /** The button of a second step. */
  use: { submit: string };
  /** The service refused the passkey. */
  refused: string;
  /** The browser returned none: the user canceled, or has none here. */
  unused: string;
  /** Shown where nothing but a passkey helps. */
  unsupported: string;
  /** Says what a second step asks for. */
  lead: string;
  title: string;
  purpose: string;
  count: Plural;
  none: string;
  manage: string;
  /** `{when}` is a date. */
  added: string;
  lastUsed: string;
  neverUsed: string;
  synced: string;
  add: string;
  adding: string;
  create: { submit: string };
  /** The device has a passkey of the account already. */
  exists: string;
  notCreated: string;
  /** The service refused the new passkey. */
  rejected: string;
  rename: string;
  save: { submit: string };
  remove: string;
  /** `{name}` is the name of the passkey. */
  removal: string;
  lastWayIn: string;
  notices: Record<"passkeyAdded" | "passkeyRenamed" | "passkeyRemoved", string>;
}

export const passkeys: PasskeysMessages = {
  signIn: { submit: "Sign in with a passkey" },
  use: { submit: "Use your passkey" },
  refused: "This passkey was not accepted. Try again, or choose another way.",
  unused: "No passkey was used. Try again, or choose another way.",
  unsupported: "To use a passkey, you need a current browser with JavaScript turned on.",
  lead: "Use your fingerprint, face, screen lock, or security key.",
  title: "Passkeys",
  purpose: "Passkeys sign you in with your fingerprint, face, or screen lock. Fake websites can't steal them.",
  count: { one: "{count} passkey", other: "{count} passkeys" },
  none: "None yet",
  manage: "Manage passkeys",
  added: "Added {when}",
  lastUsed: "Last used {when}",
  neverUsed: "Not used yet",
  synced: "Synced",
  add: "Add a passkey",
  adding:
    "Your browser will ask where to save the passkey: on this device, in a password manager, or on a security key. From then on, your password alone isn't enough to sign in.",
  create: { submit: "Create passkey" },
  exists: "This device already has a passkey for your account.",
  notCreated: "No passkey was created. Try again.",
  rejected: "The passkey could not be added. Try again.",
  rename: "Rename passkey",
  save: { submit: "Save" },
  remove: "Remove passkey",
  removal: "The passkey “{name}” will no longer sign you in.",
  lastWayIn: "It's your only way to sign in. Add another passkey or a password first.",
  notices: {
    passkeyAdded: "Passkey added. You've been signed out on all other devices.",
    passkeyRenamed: "Passkey renamed.",
    passkeyRemoved: "Passkey removed. You've been signed out on all other devices.",
  },
};
