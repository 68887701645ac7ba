export const sessions = {
  title: "Where you're signed in",
  thisDevice: "this device",
  lastUsed: "last used {when}",
  end: "Sign out",
  endOthers: "Sign out all other devices",
  ended: "You've been signed out there.",
  signedOut: { title: "You're signed out", text: "You can close this page." },
  deleted: {
    title: "Your account was deleted",
    text: "It can't be restored. You can use the same email and phone number for a new account.",
  },
};

export type SessionsMessages = typeof sessions;
