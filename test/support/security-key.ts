/**
 * An authenticator in software that says and signs what a test asks for, also what no real one
 * would. It shares no code with the verifier.
 */
import { createHash } from "node:crypto";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "../../src/contract/webauthn.ts";

export const RP_ID = "example.org";
export const ORIGIN = "https://example.org";
export const CHALLENGE = "Y2hhbGxlbmdlLW9mLXRoZS10ZXN0";
export const USER_HANDLE = "amFuZS1kb2U";
export const CEREMONY = { challenge: CHALLENGE, origins: [ORIGIN], rpId: RP_ID, userVerification: "required" } as const;

export const UP = 0x01;
export const UV = 0x04;
export const BE = 0x08;
export const BS = 0x10;
export const AT = 0x40;
export const ED = 0x80;

export type Encodable = number | string | boolean | null | Uint8Array | Encodable[] | CoseKey | Raw;
export type CoseKey = Map<Encodable, Encodable>;

/** Bytes that are no CBOR value, or no proper one. */
export class Raw {
  readonly bytes: Buffer;
  constructor(hex: string) {
    this.bytes = Buffer.from(hex, "hex");
  }
}

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();

/** Encodes a value in CBOR, as CTAP2 asks for. */
export function cbor(value: Encodable): Buffer {
  if (value instanceof Raw) return value.bytes;
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  return Buffer.from([value === null ? 0xf6 : 0xf4 + Number(value)]);
}

function head(major: number, argument: number): Buffer {
  const hex =
    argument < 24 ? "" : argument.toString(16).padStart(argument < 2 ** 8 ? 2 : argument < 2 ** 16 ? 4 : 8, "0");
  const info = { 0: argument, 2: 24, 4: 25, 8: 26 }[hex.length] ?? 0;
  return Buffer.concat([Buffer.from([(major << 5) | info]), Buffer.from(hex, "hex")]);
}

export interface Passkey {
  id: Buffer;
  key: CoseKey;
  sign(data: Uint8Array): Promise<Buffer>;
}

const GENERATE = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
};

/** Creates a key pair. */
export async function createPasskey(algorithm: keyof typeof GENERATE = "ES256"): Promise<Passkey> {
  const params = GENERATE[algorithm];
  const { privateKey, publicKey } = (await crypto.subtle.generateKey(params, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const { x = "", y = "", n = "", e = "" } = (await crypto.subtle.exportKey("jwk", publicKey)) as JsonWebKey;
  const [X, Y, N, E] = [x, y, n, e].map((text) => Buffer.from(text, "base64url")) as [Buffer, Buffer, Buffer, Buffer];
  const keys = { ES256: ecKey(X, Y), EdDSA: edKey(X), RS256: rsaKey(N, E) };
  return {
    id: Buffer.from(crypto.getRandomValues(new Uint8Array(32))),
    key: keys[algorithm],
    sign: async (data) => {
      const signature = Buffer.from(await crypto.subtle.sign(params, privateKey, data));
      return algorithm === "ES256" ? der(signature.subarray(0, 32), signature.subarray(32)) : signature;
    },
  };
}

type Label = [Encodable, Encodable];
export const ecKey = (x: Encodable, y: Encodable, ...more: Label[]): CoseKey =>
  new Map<Encodable, Encodable>([[1, 2], [3, -7], [-1, 1], [-2, x], [-3, y], ...more]);
export const edKey = (x: Encodable, ...more: Label[]): CoseKey =>
  new Map<Encodable, Encodable>([[1, 1], [3, -8], [-1, 6], [-2, x], ...more]);
export const rsaKey = (n: Encodable, e: Encodable, ...more: Label[]): CoseKey =>
  new Map<Encodable, Encodable>([[1, 3], [3, -257], [-1, n], [-2, e], ...more]);

/** Encodes the two numbers of an ECDSA signature in DER. */
export function der(r: Uint8Array, s: Uint8Array): Buffer {
  const integer = (bytes: Uint8Array) => {
    const digits = Buffer.from(bytes)
      .toString("hex")
      .replace(/^(00)+(?=.)/, "");
    const value = Buffer.from(/^[89a-f]/.test(digits) ? `00${digits}` : digits, "hex");
    return Buffer.concat([Buffer.from([2, value.length]), value]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

/** What differs from a proper response. */
export interface Deviation {
  /** Members of the client data, or its bytes. */
  clientData?: object | Buffer;
  flags?: number;
  rpId?: string;
  signCount?: number;
  /** What follows in the authenticator data. */
  extensions?: Uint8Array;
}

export interface RegistrationDeviation extends Deviation {
  id?: string;
  rawId?: string;
  credentialId?: Uint8Array;
  key?: Encodable;
  /** The authenticator data without the credential. */
  withoutCredential?: boolean;
  /** Changes the attestation object. */
  attestation?: (object: Map<Encodable, Encodable>) => Encodable;
  encoded?: (object: Buffer) => Buffer;
}

export interface AssertionDeviation extends Deviation {
  id?: string;
  rawId?: string;
  userHandle?: string | null;
  credential?: boolean;
  signature?: (signature: Buffer) => Buffer;
  /** Changes what is sent after it was signed. */
  sent?: Partial<AuthenticationResponseJSON["response"]>;
}

export function register(passkey: Passkey, deviation: RegistrationDeviation = {}): RegistrationResponseJSON {
  const { credentialId = passkey.id, id = base64url(credentialId), rawId = id } = deviation;
  const data = authenticatorData(
    { flags: UP | UV | AT, ...deviation },
    deviation.withoutCredential ? [] : credentialOf(passkey, deviation),
  );
  const object = new Map<Encodable, Encodable>([
    ["fmt", "none"],
    ["attStmt", new Map()],
    ["authData", data],
  ]);
  const { attestation = (same: Encodable) => same, encoded = (same: Buffer) => same } = deviation;
  return {
    id,
    rawId,
    type: "public-key",
    response: {
      clientDataJSON: base64url(clientData("webauthn.create", deviation)),
      attestationObject: base64url(encoded(cbor(attestation(object)))),
      transports: ["internal"],
    },
  };
}

export async function authenticate(
  passkey: Passkey,
  deviation: AssertionDeviation = {},
): Promise<AuthenticationResponseJSON> {
  const {
    id = base64url(passkey.id),
    rawId = id,
    userHandle = USER_HANDLE,
    signature = (same: Buffer) => same,
  } = deviation;
  const data = authenticatorData(
    { flags: UP | UV, ...deviation },
    deviation.credential ? credentialOf(passkey, {}) : [],
  );
  const client = clientData("webauthn.get", deviation);
  return {
    id,
    rawId,
    type: "public-key",
    response: {
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(signature(await passkey.sign(Buffer.concat([data, sha256(client)])))),
      userHandle,
      ...deviation.sent,
    },
  };
}

function clientData(type: string, { clientData: changed = {} }: Deviation): Buffer {
  if (changed instanceof Uint8Array) return changed;
  return Buffer.from(JSON.stringify({ type, challenge: CHALLENGE, origin: ORIGIN, crossOrigin: false, ...changed }));
}

function authenticatorData(
  { rpId = RP_ID, flags = 0, signCount = 0, extensions }: Deviation,
  credential: Uint8Array[],
) {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(signCount);
  return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, ...credential, extensions ?? Buffer.alloc(0)]);
}

function credentialOf(
  passkey: Passkey,
  { credentialId = passkey.id, key = passkey.key }: RegistrationDeviation,
): Buffer[] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  return [Buffer.alloc(16), length, Buffer.from(credentialId), cbor(key)];
}
