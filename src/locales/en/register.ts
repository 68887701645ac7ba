export const register = {
  title: "Create your account",
  submit: "Create account",
  /** The button that creates a passkey in place of a password. */
  passkey: { submit: "Use a passkey instead" },
  link: "Create an account",
  haveAccount: "Already have an account?",
};

export type RegisterMessages = typeof register;
