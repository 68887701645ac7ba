/** Words for the removal of second factors that an administrator asked for. */
export const factorRemoval = {
  /** `{when}` is a date. */
  lead: "Your authenticator app, passkeys and recovery codes will be removed on {when}, because they were reported as lost. Keep them if that's wrong.",
  keep: { submit: "Keep my sign-in methods" },
  kept: "Your sign-in methods will not be removed.",
};

export type FactorRemovalMessages = typeof factorRemoval;
