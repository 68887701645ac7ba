/** The apps of a user, and the sign-out that an app asks for. `{client}` is the name of an app. */
export interface AppsMessages {
  title: string;
  /** Describes the page in the account settings. */
  purpose: string;
  manage: string;
  lead: string;
  none: string;
  /** The mark of an app that the operator makes. */
  own: string;
  /** Before what an app may do at the API with this host. */
  at: string;
  /** `{when}` is a time. */
  allowed: string;
  used: string;
  remove: string;
  removed: string;
  removal: { title: string; lead: string };
  /** The page at which an app asks to sign the user out of the service. */
  signOut: { title: string; lead: string };
}

export const apps: AppsMessages = {
  title: "Apps with access",
  purpose: "Apps and websites that can use your account.",
  manage: "Manage apps",
  lead: "These apps can use your account in the ways listed, even while you're away.",
  none: "No apps yet. When you allow an app to use your account, you'll find it here.",
  own: "Part of this service",
  at: "At {host}:",
  allowed: "Allowed {when}",
  used: "Last used {when}",
  remove: "Remove access",
  removed: "The app no longer has access to your account.",
  removal: {
    title: "Remove access for {client}?",
    lead: "{client} is signed out right away on all your devices. To use your account again, it has to ask you.",
  },
  signOut: {
    title: "Sign out here too?",
    lead: "{client} has sent you here to sign out. If you stay signed in, apps can sign you in again without asking.",
  },
};
