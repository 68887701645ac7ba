/**
 * An authenticator in software, for the option `credentials` of a client: its passkeys are real, so
 * a local service accepts them. Nobody is asked, and nothing is stored. A real service would take
 * such a key for a passkey that verified its user, so there are none for real hosts.
 */
import type { AuthenticationOptionsJSON, RegistrationOptionsJSON } from "../contract/webauthn.ts";
import { encode } from "./browser-credentials.ts";
import type { PasskeyCredentials } from "./passkey-prompt.ts";

interface TestPasskey {
  id: string;
  rpId: string;
  userHandle: string;
  privateKey: CryptoKey;
}

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const ID_BYTES = 32;

/** The flags of authenticator data (WebAuthn L3 §6.1): the user is present, and verified. */
const PRESENT_AND_VERIFIED = 0b101;
const HAS_CREDENTIAL = 0b100_0000;

/** Loopback, and the names that no real service can have (RFC 2606). */
const TEST_HOST = /^(127\.0\.0\.1|\[::1\]|(.+\.)?localhost|.+\.(test|example|invalid))$/;

/**
 * Creates an authenticator whose browser shows a page of `origin`. Throws a `TypeError` unless its
 * host is loopback, or ends in `.test`, `.example` or `.invalid`. For a relying party with another
 * host, `create` rejects with a `SecurityError`.
 */
export function createTestCredentials(origin: string): PasskeyCredentials {
  if (!TEST_HOST.test(new URL(origin).hostname)) {
    throw new TypeError(`Test passkeys are for localhost, .test, .example and .invalid, not for ${origin}.`);
  }
  const passkeys: TestPasskey[] = [];
  const clientData = (type: "webauthn.create" | "webauthn.get", challenge: string) =>
    utf8(JSON.stringify({ type, challenge, origin: new URL(origin).origin, crossOrigin: false }));

  return {
    async create({ rp, user, challenge, excludeCredentials }: RegistrationOptionsJSON) {
      // A real service may allow pages of localhost.
      if (!TEST_HOST.test(rp.id)) throw new DOMException("The relying party has a real host.", "SecurityError");
      const isExcluded = excludeCredentials.some(({ id }) => passkeys.some((passkey) => passkey.id === id));
      if (isExcluded) throw new DOMException("There is a passkey already.", "InvalidStateError");
      const { privateKey, publicKey } = (await crypto.subtle.generateKey(ES256, false, ["sign"])) as CryptoKeyPair;
      const point = new Uint8Array((await crypto.subtle.exportKey("raw", publicKey)) as ArrayBuffer);
      const rawId = crypto.getRandomValues(new Uint8Array(ID_BYTES));
      const id = encode(rawId);
      passkeys.unshift({ id, rpId: rp.id, userHandle: user.id, privateKey });
      const credential = bytesOf(new Uint8Array(16), [0, ID_BYTES], rawId, coseKey(point));
      const data = await authenticatorData(rp.id, PRESENT_AND_VERIFIED | HAS_CREDENTIAL, credential);
      return {
        id,
        rawId: id,
        type: "public-key",
        response: {
          clientDataJSON: encode(clientData("webauthn.create", challenge)),
          attestationObject: encode(attestation(data)),
          transports: ["internal"],
        },
        clientExtensionResults: { credProps: { rk: true } },
      };
    },

    async get({ rpId, challenge, allowCredentials }: AuthenticationOptionsJSON) {
      const isAllowed = ({ id }: TestPasskey) =>
        allowCredentials.length === 0 || allowCredentials.some((allowed) => allowed.id === id);
      const passkey = passkeys.find((candidate) => candidate.rpId === rpId && isAllowed(candidate));
      if (!passkey) throw new DOMException("There is no such passkey.", "NotAllowedError");
      const { id, userHandle, privateKey } = passkey;
      const data = await authenticatorData(rpId, PRESENT_AND_VERIFIED);
      const client = clientData("webauthn.get", challenge);
      const signed = bytesOf(data, await sha256(client));
      const signature = new Uint8Array(await crypto.subtle.sign(ES256, privateKey, signed));
      return {
        id,
        rawId: id,
        type: "public-key",
        response: {
          clientDataJSON: encode(client),
          authenticatorData: encode(data),
          signature: encode(der(signature)),
          userHandle,
        },
      };
    },
  };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const sha256 = async (bytes: BufferSource) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const bytesOf = (...parts: Iterable<number>[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** The counter is always 0. */
const authenticatorData = async (rpId: string, flags: number, credential: Iterable<number> = []) =>
  bytesOf(await sha256(utf8(rpId)), [flags], [0, 0, 0, 0], credential);

/** The CBOR of `{ fmt: "none", attStmt: {}, authData: data }`, for 24 to 255 bytes. */
const attestation = (data: Uint8Array) =>
  bytesOf([0xa3, 0x63], utf8("fmt"), [0x64], utf8("none"), [0x67], utf8("attStmt"), [0xa0, 0x68], utf8("authData"), [
    0x58,
    data.length,
    ...data,
  ]);

/**
 * The COSE key of a point, in CBOR: `{ 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y }`.
 */
const coseKey = (point: Uint8Array) =>
  bytesOf([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], point.subarray(1, 33), [0x22, 0x58, 32], point.subarray(33));

/** Encodes the two numbers of a signature in DER. */
function der(signature: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const digits = bytes.subarray(start);
    const positive = (digits[0] ?? 0) < 128 ? digits : bytesOf([0], digits);
    return bytesOf([2, positive.length], positive);
  };
  const numbers = bytesOf(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
  return bytesOf([0x30, numbers.length], numbers);
}
