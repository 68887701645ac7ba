/** The words of an act: its button, the question before it, and the notice after it. */
export interface ActMessages {
  act: string;
  /** `{name}` is that of what the act changes. */
  title: string;
  lead: string;
  done: string;
}

/** Fields that only the console has. */
interface FieldMessages {
  label: string;
  hint?: string;
  invalid: string;
}

const userActs = {
  edit: {
    act: "Edit",
    title: "Edit {name}",
    lead: "A new email or phone number isn't verified, and the old one gets a notice.",
    done: "The account was changed.",
  },
  roles: {
    act: "Change roles",
    title: "Change the roles of {name}",
    lead: "Apps see the new roles when they next refresh their access tokens.",
    done: "The roles were changed.",
  },
  verify: {
    act: "Mark as verified",
    title: "Mark {name} as verified?",
    lead: "A verified address can reset the password of the account. Make sure that it belongs to the user.",
    done: "The address counts as verified.",
  },
  unverify: {
    act: "Mark as not verified",
    title: "Mark {name} as not verified?",
    lead: "The user has to verify the address again.",
    done: "The address no longer counts as verified.",
  },
  "reset-link": {
    act: "Send reset link",
    title: "Send {name} a link to reset the password?",
    lead: "The link goes to the email of the account. The current password works until the link is used.",
    done: "The link is on its way.",
  },
  "void-password": {
    act: "Remove password",
    title: "Remove the password of {name}?",
    lead: "For a password that someone else may know. API keys are revoked, and the user is signed out everywhere and told about it. They set a new password by a link or a code.",
    done: "The password was removed. You can send a reset link now.",
  },
  "remove-factors": {
    act: "Remove second factors",
    title: "Remove the second factors of {name}?",
    lead: "For a user who lost them. Make sure that it's the user who asks: afterwards, the password alone signs in. The user is told, and can cancel the removal during the waiting time.",
    done: "The second factors are removed after the waiting time, unless the user cancels it.",
  },
  "keep-factors": {
    act: "Cancel removal",
    title: "Cancel the removal of second factors of {name}?",
    lead: "The second factors stay as they are.",
    done: "The removal was canceled.",
  },
  "end-sessions": {
    act: "Sign out everywhere",
    title: "Sign {name} out everywhere?",
    lead: "All sessions end. API keys keep working: you revoke them one by one.",
    done: "The user was signed out everywhere.",
  },
  unlink: {
    act: "Unlink",
    title: "Unlink {name}?",
    lead: "The account at this provider no longer signs the user in. The user is signed out everywhere and told about it.",
    done: "The account was unlinked.",
  },
  "revoke-key": {
    act: "Revoke",
    title: "Revoke {name}?",
    lead: "Programs that use this API key stop working. You can't undo this.",
    done: "The API key was revoked.",
  },
  disable: {
    act: "Disable account",
    title: "Disable {name}?",
    lead: "The user is signed out everywhere and can't sign in. Links and codes that were sent no longer work. You can enable the account again.",
    done: "The account is disabled.",
  },
  enable: {
    act: "Enable account",
    title: "Enable {name}?",
    lead: "The user can sign in again. Sessions that ended stay ended.",
    done: "The account is enabled.",
  },
  delete: {
    act: "Delete account",
    title: "Delete {name}?",
    lead: "The account, its profile and its ways to sign in are deleted right away. You can't undo this.",
    done: "The account was deleted.",
  },
} satisfies Record<string, ActMessages>;

const clientActs = {
  edit: {
    act: "Edit",
    title: "Edit {name}",
    lead: "If you change whether the client belongs to this service, its sessions end.",
    done: "The client was changed.",
  },
  rotate: {
    act: "New secret",
    title: "Create a new secret for {name}?",
    lead: "The secret until now works for one more day. An older one stops working now.",
    done: "The new secret works now.",
  },
  "revoke-key": {
    act: "Revoke",
    title: "Revoke {name}?",
    lead: "Programs that use this API key stop working. You can't undo this.",
    done: "The API key was revoked.",
  },
  delete: {
    act: "Delete client",
    title: "Delete {name}?",
    lead: "The client is signed out of every account and can't sign anyone in. You can't undo this.",
    done: "The client was deleted.",
  },
} satisfies Record<string, ActMessages>;

const fields = {
  reason: {
    label: "Reason",
    hint: "Up to 500 characters. Users see the reason for a change of their account.",
    invalid: "Say why, in up to 500 characters.",
  },
  roles: {
    label: "Roles",
    hint: "Separated by spaces, like: admin editor",
    invalid: "Use lowercase names of letters, digits, and : _ . -, at most 20.",
  },
  client_name: { label: "Name", hint: "Users see it when they sign in.", invalid: "Use 1 to 60 characters." },
  redirect_uris: {
    label: "Redirect URIs",
    hint: "One per line: https URLs, loopback URLs, or URLs of a private scheme.",
    invalid: "Use https URLs, loopback URLs, or URLs of a private scheme, at most 20.",
  },
  post_logout_redirect_uris: {
    label: "Redirect URIs after sign-out",
    hint: "One per line.",
    invalid: "Use https URLs, loopback URLs, or URLs of a private scheme, at most 20.",
  },
  grant_types: {
    label: "Grants",
    invalid: "Choose at least one. A client with client_credentials needs a secret or a key.",
  },
  scopes: { label: "Scopes", hint: "Separated by spaces. Empty: all.", invalid: "Use scopes separated by spaces." },
  token_endpoint_auth_method: { label: "Authentication", invalid: "Choose one." },
  jwks: {
    label: "Public keys (JWK Set)",
    hint: "Only for private_key_jwt.",
    invalid: "Enter a JWK Set with 1 to 10 public keys for private_key_jwt, and nothing for other methods.",
  },
  first_party: { label: "Belongs to this service: users aren't asked for consent", invalid: "Choose one." },
} satisfies Record<string, FieldMessages>;

/** The words of the console. Those of the hosted pages come with them. */
export const en = {
  title: "Administration",
  nav: { users: "Users", clients: "OAuth clients", messages: "Unsent messages", own: "Your account" },
  more: { previous: "Previous", next: "Next" },
  cancel: "Cancel",
  save: "Save",
  users: {
    label: "Email, phone, username, or ID",
    hint: "Or the beginning of it.",
    search: "Search",
    all: "Show all",
    none: "No users found.",
    create: "Add user",
    creating:
      "The account needs an email or a phone number. It has no password: send a reset link, so that its owner sets one.",
    created: "The user was added.",
    disabled: "Disabled",
    you: "You",
  },
  user: {
    account: "Account",
    id: "ID",
    roles: "Roles",
    created: "Created",
    changed: "Last changed",
    signIn: "Sign-in",
    password: "Password",
    secondFactors: "Second factors",
    sessions: "Sessions",
  },
  event: {
    /** `{name}` is that of a Worker. */
    caller: "by {name}",
    administrator: "by the administrator {id}",
    reason: "Reason: {reason}",
  },
  acts: userActs,
  clients: {
    none: "No OAuth clients yet.",
    create: "Add client",
    creating: "An app that signs its users in here, or a program that calls your APIs.",
    created: "The client was added.",
    id: "Client ID",
    allScopes: "All scopes",
    noUris: "None",
    oldSecret: "The secret before this one works until {when}.",
    changedMeanwhile: "The secret was replaced since you opened this page. Nothing was changed.",
    secret: {
      title: "Copy the client secret",
      lead: "Copy the secret now and keep it safe, like a password. You won't see it again.",
      done: "I've saved it",
    },
    acts: clientActs,
  },
  messages: {
    lead: "These messages couldn't be sent. If you send one again, its recipient gets a new link or code.",
    none: "No unsent messages.",
    noAccount: "About no account",
    account: "Open account",
    send: {
      act: "Send again",
      title: "Send this message again?",
      lead: "The recipient gets a new link or code. It counts against the limits on messages.",
      done: "The message is on its way.",
    },
  },
  fields,
  refusals: {
    invalid_request: "Check the highlighted fields.",
    forbidden:
      "You may not do this. Only owners may change administrators and this service's own clients, and nobody may do this to themselves.",
    not_found: "This isn't possible anymore, or it doesn't apply here. Nothing was changed.",
    last_credential: "Nothing else signs this user in.",
    last_address: "The account needs at least one email or phone number.",
  },
};

export type ConsoleMessages = typeof en;
