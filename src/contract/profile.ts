/** The profile fields that users set. `null` or "" clears a field; an absent one stays as it is. */
export interface Profile {
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
  /** The address that receives messages first. */
  contact?: "email" | "phone" | null | undefined;
  short_description?: string | null | undefined;
  /** The language of messages to the user, as a BCP 47 tag. */
  locale?: string | null | undefined;
}

/** The profile as the service returns it: every field, `null` if it is not set. */
export type StoredProfile = { [Name in keyof Profile]-?: Exclude<Profile[Name], undefined> };
