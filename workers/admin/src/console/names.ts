import type { Account } from "../../../../src/contract/user.ts";

/** Names an account for people: by its username, or by what else it has. */
export const nameOf = ({
  id,
  username,
  email,
  phone,
}: Pick<Account, "id" | "username" | "email"> & { phone?: string | null }) => username ?? email ?? phone ?? id;
