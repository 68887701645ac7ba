import type { RefusalReason } from "../../src/crypto/webauthn/refusal.ts";
import {
  type AssertionDeviation,
  AT,
  BE,
  BS,
  base64url,
  CHALLENGE,
  cbor,
  type Deviation,
  der,
  ED,
  UP,
  UV,
} from "./security-key.ts";

/** A response with one deviation, and why it is refused. */
export type Case<What> = [title: string, deviation: What, reason: RefusalReason];

const json = (text: string) => Buffer.from(text);
export const bytes = (length: number, fill = 0xff) => Buffer.alloc(length, fill);
export const clientData = (members: object) => ({ clientData: members });

/** What both ceremonies refuse. `flags` are those of a proper response. */
export const commonCases = (flags: number): Case<Deviation>[] => [
  ["another challenge", clientData({ challenge: "YW5vdGhlcg" }), "wrong_challenge"],
  ["a challenge with padding", clientData({ challenge: `${CHALLENGE}=` }), "wrong_challenge"],
  ["a challenge in a list", clientData({ challenge: [CHALLENGE] }), "wrong_challenge"],
  ["no type", clientData({ type: undefined }), "wrong_type"],
  ["a payment", clientData({ type: "payment.get" }), "wrong_type"],
  ...[
    "http://example.org",
    "https://example.org:8443",
    "https://example.org/",
    "https://a.example.org",
    "https://EXAMPLE.org",
    "https://example.org.evil.example",
    "null",
    "",
    ["https://example.org"],
    undefined,
  ].map((origin): Case<Deviation> => [`the origin ${JSON.stringify(origin)}`, clientData({ origin }), "wrong_origin"]),
  ["crossOrigin: true", clientData({ crossOrigin: true }), "cross_origin"],
  ["crossOrigin in text", clientData({ crossOrigin: "false" }), "cross_origin"],
  ["crossOrigin: null", clientData({ crossOrigin: null }), "cross_origin"],
  ["topOrigin", clientData({ topOrigin: "https://example.com" }), "cross_origin"],
  ["topOrigin, although the same", clientData({ topOrigin: "https://example.org" }), "cross_origin"],
  ["client data that is empty", clientData(json("")), "malformed_client_data"],
  ["client data that is null", clientData(json("null")), "malformed_client_data"],
  ["client data that is a number", clientData(json("1")), "malformed_client_data"],
  ["client data that is a list", clientData(json("[]")), "wrong_type"],
  ["client data cut off", clientData(json('{"type":"webauthn.get"')), "malformed_client_data"],
  ["client data with a byte order mark", clientData(json("\ufeff{}")), "malformed_client_data"],
  ["client data that is not UTF-8", clientData(Buffer.from('{"a":"\xff"}', "latin1")), "malformed_client_data"],
  ["client data that goes deep", clientData(json("[".repeat(3000))), "malformed_client_data"],
  ["a key of another RP", { rpId: "example.com" }, "wrong_rp_id"],
  ["a key of a subdomain", { rpId: "a.example.org" }, "wrong_rp_id"],
  ["a key of the parent domain", { rpId: "org" }, "wrong_rp_id"],
  ["no user verification", { flags: flags & ~UV }, "user_not_verified"],
  ["no user presence", { flags: flags & ~UP }, "user_not_present"],
  ["a backup that is not eligible", { flags: flags | BS }, "invalid_backup_flags"],
  ["extensions announced and missing", { flags: flags | ED }, "malformed_cbor"],
  ["extensions not announced", { extensions: cbor(new Map([["a", 1]])) }, "malformed_authenticator_data"],
  ["extensions that are a list", { flags: flags | ED, extensions: cbor([]) }, "malformed_authenticator_data"],
  [
    "bytes after the extensions",
    { flags: flags | ED, extensions: Buffer.from("a000", "hex") },
    "malformed_authenticator_data",
  ],
  ["a byte after the data", { extensions: Buffer.alloc(1) }, "malformed_authenticator_data"],
];

const P256_ORDER = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
const hex = (text: string) => () => Buffer.from(text, "hex");

/** Signatures that are no ECDSA signature in DER, or not that of the key. */
const signatures: [string, (signature: Buffer) => Buffer][] = [
  ["of zeros", hex("00".repeat(70))],
  ["that is empty", hex("")],
  ["of one byte", hex("30")],
  ["that is an empty sequence", hex("3000")],
  ["of zero", hex("3006020100020100")],
  ["of one", hex("3006020101020101")],
  ["of the curve's order", () => der(P256_ORDER, P256_ORDER)],
  ["with negative numbers", hex("3006020180020180")],
  ["with needless zeros", hex("30080202000102020001")],
  ["of 33 bytes a number", hex(`3046${`0221${"7f".repeat(33)}`.repeat(2)}`)],
  ["that is raw", (signature) => rawOf(signature)],
  ["a byte short", (signature) => signature.subarray(0, -1)],
  ["a byte long", (signature) => Buffer.concat([signature, bytes(1, 0)])],
  ["with a number that ends late", (signature) => changed(signature, 5 + (signature[3] ?? 0), 1)],
  ["in BER", (signature) => Buffer.concat([Buffer.from([0x30, 0x81]), signature.subarray(1)])],
  ["in a set", (signature) => changed(signature, 0, 1)],
  ["with bit strings", (signature) => changed(signature, 2, 1)],
  ["with the sign of each number the wrong way", wrongSigns],
  ["with a changed bit", (signature) => changed(signature, 40, 1)],
  [
    "with three numbers",
    (signature) =>
      Buffer.concat([Buffer.from([0x30, signature.length + 1]), signature.subarray(2), Buffer.from("020101", "hex")]),
  ],
];

function changed(signature: Buffer, at: number, difference: number): Buffer {
  const copy = Buffer.from(signature);
  copy[at] = (copy[at] ?? 0) + difference;
  return copy;
}

/** Encodes a negative number without the zero that makes it positive, and any other with one. */
function wrongSigns(signature: Buffer): Buffer {
  const raw = rawOf(signature);
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((number) =>
    (number[0] ?? 0) < 0x80 ? [2, 33, 0, ...number] : [2, 32, ...number],
  );
  const body = integers.flat();
  return Buffer.from([0x30, body.length, ...body]);
}

function rawOf(signature: Buffer): Buffer {
  const end = 4 + (signature[3] ?? 0);
  const numbers = [signature.subarray(4, end), signature.subarray(end + 2)];
  return Buffer.concat(numbers.map((number) => Buffer.concat([bytes(32, 0), number]).subarray(-32)));
}

/** What an authentication is refused for. The passkey is of ES256 and never backed up. */
export const assertionCases = (): Case<AssertionDeviation>[] => [
  ...commonCases(UP | UV),
  ["a reply of a registration", clientData({ type: "webauthn.create" }), "wrong_type"],
  ["a credential", { flags: UP | UV | AT, credential: true }, "malformed_authenticator_data"],
  ["a credential announced and missing", { flags: UP | UV | AT }, "malformed_authenticator_data"],
  ["another id", { id: "YW5vdGhlcg" }, "id_mismatch"],
  ["another rawId", { rawId: "YW5vdGhlcg" }, "id_mismatch"],
  ["the handle of another user", { userHandle: "Ym9i" }, "wrong_user"],
  ["a changed backup eligibility", { flags: UP | UV | BE }, "backup_eligibility_changed"],
  [
    "authenticator data of 36 bytes",
    { sent: { authenticatorData: base64url(bytes(36)) } },
    "malformed_authenticator_data",
  ],
  ["no authenticator data", { sent: { authenticatorData: "" } }, "malformed_authenticator_data"],
  [
    "authenticator data in base64",
    { sent: { authenticatorData: "v6vDdDKViwYzYNOtZGHJxHNa5/jt1GWSpeDwFFKy5LUFAAAAAA==" } },
    "malformed_base64url",
  ],
  [
    "client data that was not signed",
    {
      sent: {
        clientDataJSON: base64url(
          json(`{"type":"webauthn.get","challenge":"${CHALLENGE}","origin":"https://example.org"}`),
        ),
      },
    },
    "invalid_signature",
  ],
  ...signatures.map(
    ([title, signature]): Case<AssertionDeviation> => [`a signature ${title}`, { signature }, "invalid_signature"],
  ),
];
