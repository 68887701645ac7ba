/** Django: `manage.py dumpdata auth.user`, as JSON or JSON lines. */
import * as z from "zod/mini";
import { format } from "./format.ts";
import { disabledSince, flag, moment, text, toPhcBase64, toTime, toUsername } from "./values.ts";

const Row = z.object({
  pk: z.union([z.string(), z.number()]),
  model: z.string(),
  fields: z.object({
    password: text,
    username: text,
    email: text,
    first_name: text,
    last_name: text,
    is_active: flag,
    date_joined: moment,
  }),
});

export const django = format(Row, ({ pk, model, fields }) => {
  // The dump may have groups and permissions.
  if (!/user$/i.test(model) && fields.password === undefined) return undefined;
  return {
    id: String(pk),
    // A user model may have the address as its username.
    email: fields.email || (fields.username?.includes("@") ? fields.username : undefined),
    username: toUsername(fields.username),
    first_name: fields.first_name,
    last_name: fields.last_name,
    disabled_at: disabledSince(fields.is_active === false),
    created_at: toTime(fields.date_joined),
    password_hash: toHash(fields.password),
  };
});

/** Converts a hash. One of an unknown hasher stays, so that the import refuses it. */
function toHash(password: string | null | undefined): string | undefined {
  // An exclamation mark begins an unusable password.
  if (!password || password.startsWith("!")) return undefined;
  const salted = (parameters: string, salt = "", key = "") =>
    `$${parameters}$${toPhcBase64(Buffer.from(salt).toString("base64"))}$${toPhcBase64(key)}`;
  const pbkdf2 = /^pbkdf2_(sha1|sha256)\$(\d+)\$([^$]+)\$([A-Za-z\d+/=]+)$/.exec(password);
  if (pbkdf2) return salted(`pbkdf2-${pbkdf2[1]}$i=${pbkdf2[2]}`, pbkdf2[3], pbkdf2[4]);
  const scrypt = /^scrypt\$([^$]+)\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z\d+/=]+)$/.exec(password);
  if (scrypt)
    return salted(`scrypt$ln=${Math.log2(Number(scrypt[2]))},r=${scrypt[3]},p=${scrypt[4]}`, scrypt[1], scrypt[5]);
  return password.replace(/^argon2(?=\$argon2)|^bcrypt\$(?=\$2)/, "");
}
