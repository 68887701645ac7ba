/** Supabase: rows of `auth.users` as JSON, each with its `identities` and `factors`. */
import * as z from "zod/mini";
import { format } from "./format.ts";
import { flag, moment, splitName, text, toIdentities, toPhcBase64, toTime } from "./values.ts";

const Row = z.object({
  id: z.string(),
  email: text,
  email_confirmed_at: moment,
  /** Digits, without the plus sign. */
  phone: text,
  phone_confirmed_at: moment,
  encrypted_password: text,
  raw_user_meta_data: z.nullish(
    z.looseObject({ first_name: text, last_name: text, full_name: text, name: text, locale: text }),
  ),
  created_at: moment,
  updated_at: moment,
  banned_until: moment,
  deleted_at: moment,
  is_anonymous: flag,
  identities: z.nullish(
    z.array(
      z.object({
        provider: z.string(),
        provider_id: z.string(),
        identity_data: z.nullish(z.looseObject({ email: text })),
        created_at: moment,
      }),
    ),
  ),
  factors: z.nullish(
    z.array(z.object({ factor_type: z.string(), status: z.string(), secret: text, created_at: moment })),
  ),
});

/** Of users that came from Firebase. */
const FIREBASE = /^\$fbscrypt\$v=1,n=(\d+),r=(\d+),p=1,ss=([\w+/=-]+),sk=([\w+/=-]+)\$([\w+/=-]+)\$([\w+/=-]+)$/;

export const supabase = format(Row, (row) => {
  if (row.is_anonymous || row.deleted_at) return undefined;
  const profile = row.raw_user_meta_data ?? {};
  const name = splitName(profile.full_name ?? profile.name);
  const app = row.factors?.find(({ factor_type, status }) => factor_type === "totp" && status === "verified");
  const bannedUntil = toTime(row.banned_until);
  return {
    id: row.id,
    email: row.email,
    email_verified: Boolean(row.email_confirmed_at),
    email_verified_at: toTime(row.email_confirmed_at),
    phone: row.phone ? `+${row.phone.replace(/^\+/, "")}` : undefined,
    phone_verified: Boolean(row.phone_confirmed_at),
    phone_verified_at: toTime(row.phone_confirmed_at),
    first_name: profile.first_name ?? name.first_name,
    last_name: profile.last_name ?? name.last_name,
    locale: profile.locale,
    disabled_at: bannedUntil && Date.parse(bannedUntil) > Date.now() ? new Date().toISOString() : undefined,
    created_at: toTime(row.created_at),
    updated_at: toTime(row.updated_at),
    password_hash: row.encrypted_password?.replace(FIREBASE, (_, n, r, separator, signer, salt, key) => {
      const parts = [salt, separator, signer, key].map(toPhcBase64);
      return `$firebase-scrypt$ln=${n},r=${r}$${parts.join("$")}`;
    }),
    totp: app ? { secret: app.secret ?? "", confirmed_at: toTime(app.created_at) } : undefined,
    identities: toIdentities(
      row.identities?.map(({ provider, provider_id: subject, identity_data, created_at }) => ({
        provider,
        subject,
        email: identity_data?.email,
        linkedAt: toTime(created_at),
      })),
    ),
  };
});
