/** Words for an account that must have a second factor. */
export const enrollment = {
  title: "Add a second step",
  lead: "This site requires a second step to sign in. Set one up to continue.",
  /** The link back to the choice. */
  other: "Choose another way",
  /** Shown when the last second factor was not removed. */
  required: "This site requires a second step to sign in, and this is your only one. Add another one first.",
};

export type EnrollmentMessages = typeof enrollment;
