export const addressRelease = {
  title: "Remove your address",
  lead: "Your address is on an account that never confirmed it. If that account isn't yours, remove the address from it. You can then create an account of your own.",
  submit: "Remove my address",
  done: "Your address was removed from the other account.",
};

export type AddressReleaseMessages = typeof addressRelease;
