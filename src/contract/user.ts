import type { RecoveryCodes } from "./factors.ts";
import type { Identifiers } from "./identifiers.ts";
import type { Profile, StoredProfile } from "./profile.ts";

/** A user as the service returns it. `null` means absent; times are ISO 8601 in UTC. */
export interface User extends StoredProfile {
  id: string;
  email: string | null;
  email_verified: boolean;
  phone: string | null;
  phone_verified: boolean;
  username: string | null;
  roles: string[];
  created_at: string;
  updated_at: string;
}

/** A user who has just registered. Recovery codes come with a passkey, and are not shown again. */
export interface RegisteredUser extends User, Partial<RecoveryCodes> {}

/** A user as an administrator sees it. */
export interface Account extends User {
  disabled_at: string | null;
}

export interface AccountList {
  users: Account[];
  /** Pass it as `cursor` to get the next page. `null` on the last page. */
  next_cursor: string | null;
}

/** An account to create. It needs an email address or a phone number. */
export interface NewAccount extends Identifiers, Profile {
  roles?: string[] | null | undefined;
}

/**
 * Changes to an account. A field left out stays as it is, `null` or "" clears it. A form that does
 * not show the stored values must leave out the fields that its user left empty.
 */
export interface AccountChange extends Profile {
  /** `null` or "" removes the address. The account keeps at least one. */
  email?: string | null | undefined;
  phone?: string | null | undefined;
  username?: string | null | undefined;
}
