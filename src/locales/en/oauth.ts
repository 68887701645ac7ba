/** `{client}` is the name of an app. */
export interface OauthMessages {
  title: string;
  /** Before a list of what the app wants. It belongs to somebody else. */
  lead: string;
  /** The same, for an app of the operator. */
  ownLead: string;
  /** Of the standard scopes, as an answer to "it asks to". */
  scopes: Record<"openid" | "profile" | "email" | "phone" | "offline_access" | "account", string>;
  signedInAs: string;
  another: { submit: string };
  /** Of an app that nobody registered. `{host}` is that of its description. */
  unchecked: string;
  /** `{host}` is that of the API that the access is for. */
  resource: string;
  /** `{host}` is that of the app. */
  returns: string;
  revocable: string;
  local: string;
  allow: { submit: string };
  deny: { submit: string };
  /** The page that leads back to the app. */
  leaving: { title: string; link: string };
  /** The page for the code of a device. `{code}` is the code. */
  device: {
    title: string;
    lead: string;
    next: { submit: string };
    wrong: string;
    /** Thieves send codes to people. */
    warning: string;
    allowed: string;
    denied: string;
  };
  /** The app or its address is wrong. */
  refused: { title: string; text: string };
}

export const oauth: OauthMessages = {
  title: "{client} wants to use your account",
  lead: "{client} isn't part of this service. It asks to:",
  ownLead: "{client} asks to:",
  scopes: {
    openid: "Know which account is yours",
    profile: "See your name and your profile",
    email: "See your email address",
    phone: "See your phone number",
    offline_access: "Stay connected when you aren't using it",
    account: "Manage your account",
  },
  signedInAs: "Signed in as {name}",
  another: { submit: "Use another account" },
  unchecked: "Nobody here has checked this app. Its address is {host}.",
  resource: "This access is for {host}.",
  returns: "You will return to {host}.",
  revocable: "You can remove the access later in your account.",
  local: "The app runs on your device. Allow it only if you started it yourself just now.",
  allow: { submit: "Allow" },
  deny: { submit: "Don't allow" },
  leaving: { title: "Back to {client}", link: "Continue" },
  device: {
    title: "Connect a device",
    lead: "Enter the code that the app or the device shows.",
    next: { submit: "Continue" },
    wrong: "This code is wrong or has expired. Check it, or get a new one on the device.",
    warning:
      "Check that your device shows the code {code}. If someone sent you this code, don't allow it: they would get into your account.",
    allowed: "Done. Go back to your device. It continues in a few seconds.",
    denied: "The device has no access to your account. You can close this page.",
  },
  refused: {
    title: "This link doesn't work",
    text: "The app that sent you here made a mistake, or isn't known here. Go back to it and try again. If that doesn't help, tell the people who make it.",
  },
};
