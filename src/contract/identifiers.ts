/** The addresses that messages can be sent to. */
export type AddressKind = "email" | "phone";

/** The kinds of identifiers that find an account. */
export type IdentifierKind = AddressKind | "username";

/** The identifiers of an account. `null` means absent. */
export interface Identifiers {
  email?: string | null | undefined;
  phone?: string | null | undefined;
  username?: string | null | undefined;
}

/**
 * Names an account by one of its identifiers. `identifier` takes any kind; the service recognizes
 * the kind by its form.
 */
export type AccountName = { identifier: string } | { email: string } | { phone: string } | { username: string };
