export const passwordReset = {
  forgot: {
    title: "Forgot your password?",
    submit: "Continue",
    haveCode: "I have a code",
  },
  sent: {
    title: "Check your inbox",
    text: "If an account exists, we sent a link to reset the password to its email address. If it has no email address, go back and enter its phone number.",
  },
  reset: {
    title: "Reset your password",
    lead: "If an account exists, we sent it a code. Enter the code here.",
    submit: "Reset password",
    verifyFirst: "I got a code to verify my phone number",
  },
};

export type PasswordResetMessages = typeof passwordReset;
