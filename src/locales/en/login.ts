export const login = {
  signIn: "Sign in",
  notices: {
    verified: "Your email or phone number is verified. You can sign in now.",
    reset: "Your password was reset. Sign in with your new password.",
  },
};

export type LoginMessages = typeof login;
