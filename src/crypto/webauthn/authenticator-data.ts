/** Authenticator data (WebAuthn L3 §6.1), and the checks that both ceremonies make on it. */
import { sha256 } from "../sha256.ts";
import { type CborMap, decodeFirst } from "./cbor.ts";
import type { Ceremony } from "./ceremony.ts";
import { check } from "./refusal.ts";

export interface AuthenticatorData {
  rpIdHash: Buffer;
  userPresent: boolean;
  userVerified: boolean;
  /** The credential may be copied to other devices. */
  backupEligible: boolean;
  /** It has been copied, for example to a cloud account. */
  backedUp: boolean;
  signCount: number;
  /** Present in a registration only. */
  credential?: AttestedCredential;
}

export interface AttestedCredential {
  /** The model of the authenticator as a UUID; all zeros if it does not tell. */
  aaguid: string;
  id: Buffer;
  publicKey: CborMap;
}

/** Flags (§6.1). */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;
const HAS_EXTENSIONS = 0x80;
const HEADER_BYTES = 37;
/** Before the id: 16 bytes of AAGUID and 2 bytes of length. */
const CREDENTIAL_HEADER_BYTES = 18;
/** WebAuthn L3 §7.1. */
const MAX_CREDENTIAL_ID_BYTES = 1023;

/** Parses authenticator data. Unknown flags are ignored; every byte has to belong to a part. */
export function parseAuthenticatorData(bytes: Buffer): AuthenticatorData {
  check(bytes.length >= HEADER_BYTES, "malformed_authenticator_data");
  const flags = bytes.readUInt8(32);
  const has = (flag: number) => (flags & flag) !== 0;
  let rest = bytes.subarray(HEADER_BYTES);
  let credential: AttestedCredential | undefined;
  if (has(HAS_CREDENTIAL)) [credential, rest] = parseCredential(rest);
  if (has(HAS_EXTENSIONS)) [, rest] = decodeMap(rest);
  check(rest.length === 0, "malformed_authenticator_data");

  return {
    rpIdHash: bytes.subarray(0, 32),
    userPresent: has(USER_PRESENT),
    userVerified: has(USER_VERIFIED),
    backupEligible: has(BACKUP_ELIGIBLE),
    backedUp: has(BACKED_UP),
    signCount: bytes.readUInt32BE(33),
    ...(credential && { credential }),
  };
}

/** Attested credential data (§6.5.1). The key tells where it ends. */
function parseCredential(bytes: Buffer): [AttestedCredential, Buffer] {
  check(bytes.length >= CREDENTIAL_HEADER_BYTES, "malformed_authenticator_data");
  const idLength = bytes.readUInt16BE(16);
  check(idLength > 0 && idLength <= MAX_CREDENTIAL_ID_BYTES, "invalid_credential_id");
  const end = CREDENTIAL_HEADER_BYTES + idLength;
  const [publicKey, rest] = decodeMap(bytes.subarray(end));
  const aaguid = bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return [{ aaguid, id: bytes.subarray(CREDENTIAL_HEADER_BYTES, end), publicKey }, rest];
}

function decodeMap(bytes: Buffer): [CborMap, Buffer] {
  const [value, rest] = decodeFirst(bytes);
  check(value instanceof Map, "malformed_authenticator_data");
  return [value, rest];
}

/** Checks whose authenticator data it is, and what the user did. */
export function checkAuthenticatorData(data: AuthenticatorData, { rpId, userVerification }: Ceremony): void {
  check(data.rpIdHash.equals(sha256(rpId)), "wrong_rp_id");
  check(data.userVerified || userVerification !== "required", "user_not_verified");
  check(data.backupEligible || !data.backedUp, "invalid_backup_flags");
}
