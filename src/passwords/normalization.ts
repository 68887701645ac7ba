/**
 * The form of a password that is hashed: one for all keyboards and systems that type it.
 *
 * It is that of OpaqueString (RFC 8265 §4.2, as NIST SP 800-63B-4 §3.1.1.2 recommends): composed
 * (NFC), with ASCII spaces. Case, width and spaces at the ends stay, and no character is refused.
 */
export const normalizePassword = (typed: string): string => typed.replace(/\p{Zs}/gu, " ").normalize();

/** Folds what only looks different, to compare a new password with words that are too easy. */
export const foldPassword = (password: string): string =>
  password
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase();
