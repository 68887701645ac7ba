export const passwordReset = {
  forgot: {
    title: "Forgot your password?",
    lead: "Enter your email, phone number, or username. We'll send you a link or a code to choose a new password.",
    submit: "Continue",
    haveCode: "I have a code",
  },
  sent: {
    title: "Check your email",
    /** `{address}` is a masked address or a username, `{minutes}` a phrase such as "10 minutes". */
    text: "If an account exists for {address}, we sent a link to its email address. The link expires in {minutes}.",
    noEmail: "If the account has no email, go back and enter its phone number to get a code.",
    resend: "Send a new link",
    resendIn: "Send a new link in {seconds} s",
    resent: "If an account exists, a new link is on its way.",
    edit: "Use a different email or phone",
  },
  reset: {
    title: "Choose a new password",
    codeTitle: "Enter your code",
    /** `{address}` is a masked address or a username. */
    sentTo: "If an account exists for {address}, we sent it a code. Enter it to choose a new password.",
    lead: "Enter the code we sent you and choose a new password.",
    /** Codes that were mailed have 8. */
    codeHint: "6 or 8 digits.",
    submit: "Reset password",
    verifyFirst: "I got a code to verify my phone number",
    newLink: "Send a new link",
  },
};

export type PasswordResetMessages = typeof passwordReset;
