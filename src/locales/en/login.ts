export const login = {
  signIn: "Sign in",
  notices: {
    verified: "Your email or phone number is verified. You can sign in now.",
    reset: "Your password was reset. Sign in with your new password.",
  },
  /** Shown to a signed-in user whom another site sent here. */
  continue: {
    title: "Continue to your account",
    text: "Another site sent you here.",
    link: "Continue",
  },
};

export type LoginMessages = typeof login;
