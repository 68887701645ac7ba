export const account = {
  title: "Your account",
  nav: {
    account: "Account",
    sessions: "Sessions",
    activity: "Activity",
    signOut: "Sign out",
  },
  notices: {
    verified: "Your email or phone number is verified.",
    saved: "Profile saved.",
    usernameChanged: "Username and contact saved.",
    passwordChanged: "Password changed. You've been signed out on all other devices.",
    emailChanged: "Email changed.",
    phoneChanged: "Phone number changed.",
    emailRemoved: "Email removed. You've been signed out on all other devices.",
    phoneRemoved: "Phone number removed. You've been signed out on all other devices.",
    otherUser: "Someone else signed in on this browser after the form was opened, so nothing was changed.",
  },
  notSet: "Not set",
  verified: "verified",
  notVerified: "not verified",
  profile: { title: "Profile", change: "Edit profile", save: "Save", noPreference: "No preference" },
  username: { title: "Username and contact", change: "Change username or contact" },
  email: {
    title: "Email",
    change: "Change email",
    confirm: "Confirm your new email",
    remove: "Remove email",
    removal: "You can then no longer sign in or reset your password with this address.",
  },
  phone: {
    title: "Phone",
    change: "Change phone number",
    confirm: "Confirm your new phone number",
    remove: "Remove phone number",
    removal: "You can then no longer sign in or reset your password with this number.",
  },
  confirmation: { lead: "Enter the code we sent you.", submit: "Confirm" },
  password: { title: "Password", change: "Change password" },
  deletion: {
    title: "Delete account",
    lead: "This deletes your account right away. You can't undo it.",
    submit: "Delete account",
  },
};

export type AccountMessages = typeof account;
