/** Jane's password. */
export const PASSWORD = "correct-horse-7";
/** An acceptable password that differs from `PASSWORD`. */
export const FRESH_PASSWORD = "brand-new-horse-8";
export const WRONG_PASSWORD = "wrong-horse-7";
