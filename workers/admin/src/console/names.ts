import type { Account } from "../../../../src/contract/user.ts";

/** Names an account for people: by its username, or by what else it has. */
export const nameOf = ({ id, username, email, phone }: Account): string => username ?? email ?? phone ?? id;
