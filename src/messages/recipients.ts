import type { AddressKind, IdentifierKind } from "../contract/identifiers.ts";
import type { Deps } from "../deps.ts";
import { DEFAULT_LOCALE, type Locale, pickLocale } from "../locales/locales.ts";
import { CODE_METHODS, offers } from "../schemas/login-methods.ts";
import type { AddressChange, MessageRequest } from "../schemas/message.ts";
import { toEmail } from "../schemas/typed.ts";
import { findUser, findUserBy, type UserRow } from "../storage/users.ts";

/** The account that a message is about, where it goes and in which language. */
export interface Recipient {
  userId: string;
  credentialVersion: number;
  address: string;
  /** Whether the address is verified on the account. */
  isProven: boolean;
  locale: Locale;
  /**
   * The address belongs to another account: its owner is notified, in this language, and gets no
   * secret.
   */
  takenBy?: { locale: Locale };
  /**
   * The address is unproven and does not recover the account. It gets a link that removes it from
   * the account, and nothing else.
   */
  isReleasable?: boolean;
}

/** Finds the recipient of a message. Undefined: nothing is sent. */
export type RecipientRule = (deps: Deps, message: MessageRequest | AddressChange) => Promise<Recipient | undefined>;

/** The address that was given, or the preferred one if a username was given. */
export const givenAddress: RecipientRule = async (deps, message) => toRecipient(await findRequested(deps, message));

/**
 * The account's email address, whatever identifier was given, unless that is unproven and was not
 * the one that was given.
 */
export const registeredEmail: RecipientRule = async (deps, message) => {
  const to = toRecipient(await findRequested(deps, message, "email"));
  const isGiven = "identifier" in message && message.identifier.kind === "email";
  return to?.isReleasable && !isGiven ? undefined : to;
};

/**
 * Like `givenAddress`, if codes to such an address sign in. A username stands for the preferred one
 * of those.
 */
export const signInAddress: RecipientRule = async (deps, message) => {
  const signsIn = (address: string) => offers(deps, CODE_METHODS[address.includes("@") ? "email" : "phone"]);
  const found = await findRequested(deps, message, undefined, signsIn);
  return found && signsIn(found.address) ? toRecipient(found) : undefined;
};

/** The address that a code would sign up: a service with passwords has another way to do so. */
export function signUpAddress(deps: Deps, message: MessageRequest | AddressChange): string | undefined {
  const { kind, value } = "identifier" in message ? message.identifier : {};
  if (kind !== "email" && kind !== "phone") return undefined;
  const isOffered = offers(deps, CODE_METHODS[kind]) && !offers(deps, "password");
  return isOffered && (kind === "phone" || toEmail(value ?? "") === value) ? value : undefined;
}

/** Like `signInAddress`, if that is proven. */
export const provenSignInAddress: RecipientRule = async (deps, message) => {
  const to = await signInAddress(deps, message);
  return to?.isProven ? to : undefined;
};

/** Like `givenAddress`, unless that address is verified. */
export const unverifiedAddress: RecipientRule = async (deps, message) => {
  const found = await findRequested(deps, message);
  return found && !isVerified(found.user, found.address) ? toRecipient(found) : undefined;
};

/** The address that was given, if it is unproven and does not recover the account. */
export const claimedAddress: RecipientRule = async (deps, message) => {
  const to = await givenAddress(deps, message);
  return to?.isReleasable ? to : undefined;
};

/** The address that a user wants to have. */
const newAddress =
  (kind: AddressKind): RecipientRule =>
  async ({ db }, message) => {
    if (!("user_id" in message)) return undefined;
    const { user_id, address, locale } = message;
    const [user, holder] = await Promise.all([findUser(db, user_id), findUserBy(db, kind, address)]);
    if (!user) return undefined;
    return {
      userId: user.id,
      credentialVersion: user.credentialVersion,
      address,
      isProven: false,
      locale: localeOf(user.locale, locale),
      ...(holder && holder.id !== user.id && { takenBy: { locale: localeOf(holder.locale, locale) } }),
    };
  };

export const newEmail = newAddress("email");
export const newPhone = newAddress("phone");

interface Requested {
  user: UserRow;
  address: string;
  locale: Locale;
}

/** Finds the enabled account that a request names, if it has an address of this kind. */
async function findRequested(
  { db }: Deps,
  message: MessageRequest | AddressChange,
  kind?: IdentifierKind,
  isFit?: (address: string) => boolean,
): Promise<Requested | undefined> {
  if (!("identifier" in message)) return undefined;
  const { identifier, locale } = message;
  const user = await findUserBy(db, identifier.kind, identifier.value);
  const address = user && user.disabledAt === null ? addressOf(user, kind ?? identifier.kind, isFit) : null;
  return user && address !== null ? { user, address, locale: localeOf(user.locale, locale) } : undefined;
}

const toRecipient = (found: Requested | undefined): Recipient | undefined =>
  found && {
    userId: found.user.id,
    credentialVersion: found.user.credentialVersion,
    address: found.address,
    isProven: isVerified(found.user, found.address),
    isReleasable: !mayRecoverBy(found.user, found.address),
    locale: found.locale,
  };

/** A username or an id stands for the preferred fit address of those that recover the account. */
function addressOf(user: UserRow, kind: IdentifierKind | "id", isFit = (_: string) => true): string | null {
  if (kind === "email" || kind === "phone") return user[kind];
  const preferred = [user.contact && user[user.contact], user.email, user.phone];
  return preferred.find((address) => address && isFit(address) && mayRecoverBy(user, address)) ?? null;
}

/** Tests whether the address is proven, or is the preferred one while none is. */
function mayRecoverBy(user: UserRow, address: string): boolean {
  if (user.emailVerifiedAt !== null || user.phoneVerifiedAt !== null) return isVerified(user, address);
  return address === ((user.contact && user[user.contact]) ?? user.email ?? user.phone);
}

const isVerified = (user: UserRow, address: string) =>
  (address === user.email ? user.emailVerifiedAt : user.phoneVerifiedAt) !== null;

/** Picks the language that the user chose, or that of the request, or the default. */
export const localeOf = (chosen: string | null, requested: string | null | undefined): Locale =>
  pickLocale([chosen ?? "", requested ?? ""]) ?? DEFAULT_LOCALE;
