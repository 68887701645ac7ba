export const verification = {
  title: "Verify your email or phone",
  lead: "Enter the code we sent you.",
  submit: "Verify",
  resend: "Send a new code",
  resent: "If this email or phone number isn't verified yet, a new code is on its way.",
};

export type VerificationMessages = typeof verification;
