export const addressRelease = {
  title: "Remove your email or phone number",
  lead: "Your email or phone number is on an account that never verified it. If that account isn't yours, remove your email or phone number from it. Then you can create your own account.",
  submit: "Remove it from that account",
  done: "Your email or phone number was removed from the other account.",
};

export type AddressReleaseMessages = typeof addressRelease;
