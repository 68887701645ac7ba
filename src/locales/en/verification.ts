export const verification = {
  title: "Enter your code",
  titleEmail: "Check your email",
  /** `{address}` is a masked address. */
  sentTo: "Enter the code we sent to {address}.",
  lead: "Enter the code we sent you.",
  submit: "Continue",
  notReceived: "Didn't get it? Check your spam folder.",
  resend: "Send a new code",
  /** `{seconds}` is counted down by the script. */
  resendIn: "Send a new code in {seconds} s",
  resent: "If it isn't verified yet, a new code is on its way.",
  required: "Verify your email or phone number before you sign in.",
  edit: "Use a different email or phone",
};

export type VerificationMessages = typeof verification;
