import {
  AT,
  base64url,
  type Encodable,
  ecKey,
  edKey,
  type Passkey,
  Raw,
  type RegistrationDeviation,
  rsaKey,
  UP,
  UV,
} from "./security-key.ts";
import { bytes, type Case, clientData, commonCases } from "./webauthn-cases.ts";

const replace = (name: string, value: Encodable) => ({
  attestation: (object: Map<Encodable, Encodable>) => new Map(object).set(name, value),
});
const remove = (name: string) => ({
  attestation: (object: Map<Encodable, Encodable>) => new Map([...object].filter(([key]) => key !== name)),
});
const encoded = (hex: string) => ({ encoded: () => Buffer.from(hex, "hex") });
const statement = (hex: string) => replace("attStmt", new Raw(hex));
const withParameter = (passkey: Passkey, label: Encodable, value: Encodable) => ({
  key: new Map(passkey.key).set(label, value),
});

/** What a registration with this passkey (ES256) is refused for. */
export function registrationCases(passkey: Passkey): Case<RegistrationDeviation>[] {
  const [x, y] = [passkey.key.get(-2) as Buffer, passkey.key.get(-3) as Buffer];
  const offCurve = Buffer.from(y);
  offCurve[31] = (offCurve[31] ?? 0) ^ 1;
  const key = (value: Encodable) => ({ key: value });
  const modulus = bytes(256);
  const e65537 = Buffer.from([1, 0, 1]);

  return [
    ...commonCases(UP | UV | AT),
    ["a reply of an authentication", clientData({ type: "webauthn.get" }), "wrong_type"],
    ["no credential", { flags: UP | UV, withoutCredential: true }, "malformed_authenticator_data"],
    ["a credential announced and missing", { withoutCredential: true }, "malformed_authenticator_data"],
    ["a credential not announced", { flags: UP | UV }, "malformed_authenticator_data"],
    ["all flags", { flags: 0xff }, "malformed_cbor"],
    ["an id of 0 bytes", { credentialId: bytes(0) }, "invalid_credential_id"],
    ["an id of 1024 bytes", { credentialId: bytes(1024) }, "invalid_credential_id"],
    ["an id of 2048 bytes", { credentialId: bytes(2048) }, "invalid_credential_id"],
    ["another id", { id: "YW5vdGhlcg" }, "id_mismatch"],
    ["another rawId", { rawId: "YW5vdGhlcg" }, "id_mismatch"],
    ["an id with padding", { id: `${base64url(passkey.id)}=` }, "id_mismatch"],
    // CBOR.
    ["nothing", encoded(""), "malformed_cbor"],
    ["a byte less", { encoded: (object) => object.subarray(0, -1) }, "malformed_cbor"],
    ["a byte more", { encoded: (object) => Buffer.concat([object, bytes(1, 0)]) }, "malformed_cbor"],
    ["a list of 4 billion items", encoded("9affffffff"), "malformed_cbor"],
    ["a map of 4 billion pairs", encoded("baffffffff"), "malformed_cbor"],
    ["bytes of 4 gigabytes", encoded("5affffffff00"), "malformed_cbor"],
    ["a 64-bit length", encoded("5b000000000000000100"), "malformed_cbor"],
    ["4000 nested lists", encoded("81".repeat(4000)), "malformed_cbor"],
    ["4000 nested maps", encoded("a100".repeat(2000)), "malformed_cbor"],
    ["a statement 8 levels deep", statement(`${"81".repeat(8)}00`), "malformed_cbor"],
    ["an indefinite map", statement("bfff"), "malformed_cbor"],
    ["indefinite bytes", statement("5f4100ff"), "malformed_cbor"],
    ["a length that is not minimal", statement("b800"), "malformed_cbor"],
    ["a number that is not minimal", statement("1817"), "malformed_cbor"],
    ["a 16-bit number that is not minimal", statement("1900ff"), "malformed_cbor"],
    ["a 32-bit number that is not minimal", statement("1a0000ffff"), "malformed_cbor"],
    ["a float", statement("f93c00"), "malformed_cbor"],
    ["undefined", statement("f7"), "malformed_cbor"],
    ["a tag", statement("c000"), "malformed_cbor"],
    ["a stray break", statement("ff"), "malformed_cbor"],
    ["a reserved length", statement("1c"), "malformed_cbor"],
    ["a key that occurs twice", statement("a2616101616102"), "malformed_cbor"],
    ["a key that is a list", statement("a18000"), "malformed_cbor"],
    ["a text that is not UTF-8", statement("61ff"), "malformed_cbor"],
    ["a text with a surrogate", statement("63eda080"), "malformed_cbor"],
    ["a list instead of the object", { attestation: () => [] }, "malformed_attestation"],
    ["no fmt", remove("fmt"), "malformed_attestation"],
    ["a fmt that is a number", replace("fmt", 1), "malformed_attestation"],
    ["no attStmt", remove("attStmt"), "malformed_attestation"],
    ["no authData", remove("authData"), "malformed_attestation"],
    ["authData in text", replace("authData", "text"), "malformed_attestation"],
    ["authData of 36 bytes", replace("authData", bytes(36)), "malformed_authenticator_data"],
    ["no authData in bytes", replace("authData", bytes(0)), "malformed_authenticator_data"],
    // Keys.
    [
      "ES384",
      key(
        new Map<Encodable, Encodable>([
          [1, 2],
          [3, -35],
          [-1, 2],
          [-2, bytes(48)],
          [-3, bytes(48)],
        ]),
      ),
      "unsupported_algorithm",
    ],
    [
      "ES512",
      key(
        new Map<Encodable, Encodable>([
          [1, 2],
          [3, -36],
          [-1, 3],
          [-2, bytes(66)],
          [-3, bytes(66)],
        ]),
      ),
      "unsupported_algorithm",
    ],
    [
      "Ed448",
      key(
        new Map<Encodable, Encodable>([
          [1, 1],
          [3, -53],
          [-1, 7],
          [-2, bytes(57)],
        ]),
      ),
      "unsupported_algorithm",
    ],
    ["PS256", key(new Map(rsaKey(modulus, e65537)).set(3, -37)), "unsupported_algorithm"],
    ["RS1", key(new Map(rsaKey(modulus, e65537)).set(3, -65535)), "unsupported_algorithm"],
    ["an algorithm in text", withParameter(passkey, 3, "-7"), "unsupported_algorithm"],
    ["no algorithm", key(new Map([...passkey.key].filter(([label]) => label !== 3))), "unsupported_algorithm"],
    ["a key that is a list", key([]), "malformed_authenticator_data"],
    ["Ed448 under the name of EdDSA", key(new Map(edKey(bytes(57))).set(-1, 7)), "invalid_public_key"],
    ["X25519", key(new Map(edKey(x)).set(-1, 4)), "invalid_public_key"],
    ["an Ed25519 key of 33 bytes", key(edKey(bytes(33))), "invalid_public_key"],
    ["P-384 under the name of ES256", withParameter(passkey, -1, 2), "invalid_public_key"],
    ["another key type", withParameter(passkey, 1, 1), "invalid_public_key"],
    ["an RSA key under the name of ES256", key(new Map(rsaKey(modulus, e65537)).set(3, -7)), "invalid_public_key"],
    ["a point off the curve", key(ecKey(x, offCurve)), "invalid_public_key"],
    ["the point 0,0", key(ecKey(bytes(32, 0), bytes(32, 0))), "invalid_public_key"],
    ["a coordinate above the prime", key(ecKey(bytes(32), y)), "invalid_public_key"],
    ["a compressed point", key(ecKey(x, true)), "invalid_public_key"],
    ["no y", key(new Map([...passkey.key].filter(([label]) => label !== -3))), "invalid_public_key"],
    ["a short x", key(ecKey(x.subarray(1), y)), "invalid_public_key"],
    ["a long x", key(ecKey(Buffer.concat([bytes(1, 0), x]), y)), "invalid_public_key"],
    ["an x in text", key(ecKey(base64url(x), y)), "invalid_public_key"],
    ["a key with its private part", key(ecKey(x, y, [-4, bytes(32, 1)])), "invalid_public_key"],
    ["an Ed25519 key with its private part", key(edKey(x, [-4, bytes(32, 1)])), "invalid_public_key"],
    ["RSA of 1024 bits", key(rsaKey(bytes(128), e65537)), "invalid_public_key"],
    ["RSA of 2047 bits", key(rsaKey(Buffer.concat([bytes(1, 0x7f), bytes(255)]), e65537)), "invalid_public_key"],
    ["RSA with leading zeros", key(rsaKey(Buffer.concat([bytes(1, 0), modulus]), e65537)), "invalid_public_key"],
    ["RSA of 4104 bits", key(rsaKey(bytes(513), e65537)), "invalid_public_key"],
    ["RSA with the exponent 1", key(rsaKey(modulus, Buffer.from([1]))), "invalid_public_key"],
    ["RSA with the exponent 3", key(rsaKey(modulus, Buffer.from([3]))), "invalid_public_key"],
    ["RSA with an even exponent", key(rsaKey(modulus, Buffer.from([1, 0, 0]))), "invalid_public_key"],
    ["RSA with another parameter", key(rsaKey(modulus, e65537, [-3, bytes(32)])), "invalid_public_key"],
  ];
}
