/** The addresses that messages can be sent to. */
export type AddressKind = "email" | "phone";

/** What an account can be found by. */
export type IdentifierKind = AddressKind | "username";
