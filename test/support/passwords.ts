/** A good password, for whoever needs one. */
export const PASSWORD = "correct-horse-7";
