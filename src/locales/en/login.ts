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
  code: {
    title: "Sign in with a code",
    lead: "We'll send you a code to sign in with.",
    submit: "Send me a code",
    /** The same, where only emails carry codes. */
    submitMail: "Email me a code",
    otherWay: "Sign in another way",
    /** `{address}` is a masked address or a username. */
    sentIf: "If an account exists for {address}, we sent it a code.",
    mailedIf:
      "If an account exists for {address}, we sent it an email. Enter the code, or open the link in this browser.",
    mailed: "We sent an email to {address}. Enter the code, or open the link in this browser.",
    resent: "A new code is on its way, if it can be sent.",
    link: {
      lead: "Sign in to your account in this browser.",
      /** A code follows. */
      elsewhere: "You asked for this email in another browser. Go back there and enter this code:",
      warning: "Don't enter it anywhere else. If you didn't ask for it, close this page.",
    },
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
