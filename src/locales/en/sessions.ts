export const sessions = {
  title: "Where you're signed in",
  thisDevice: "This device",
  others: "Other devices",
  activeNow: "Active now",
  lastActive: "Last active {when}",
  signedIn: "Signed in {when}",
  end: "Sign out",
  endOthers: "Sign out all other devices",
  endOthersLead: "You'll stay signed in on this device only. Apps with access are signed out too.",
  endOthersNow: "Sign them out",
  ended: "You've been signed out there.",
  signOut: { title: "Sign out?", stay: "Stay signed in" },
  signedOut: { title: "You're signed out", text: "You can close this page." },
  deleted: {
    title: "Your account was deleted",
    text: "It can't be restored. You can use the same email and phone number for a new account.",
  },
};

export type SessionsMessages = typeof sessions;
