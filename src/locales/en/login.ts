export const login = {
  signIn: "Sign in",
  notices: {
    verified: "Your email or phone number is verified. You can sign in now.",
    reset: "Your password was reset. Sign in with your new password.",
    /** Shown at the sign-in. The form itself has words of its own. */
    unsent: "Your session ended, so nothing was saved. Sign in, then submit the form again.",
    /** Shown when the second step came too late. */
    expired: "Your sign-in has expired. Start again.",
  },
  /** Shown after a sign-in, to a browser that has dropped the cookies. */
  noCookies:
    "Your browser blocks the cookie that keeps you signed in. Allow cookies for this site, then sign in again.",
  /** Shown to a signed-in user whom another site sent here. */
  continue: {
    title: "Continue to your account",
    text: "Another site sent you here.",
    link: "Continue",
  },
};

export type LoginMessages = typeof login;
