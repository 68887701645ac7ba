import { expect, it } from "vitest";
import { AuthenticationResponse, RegistrationResponse } from "../../src/schemas/webauthn.ts";

const credential = { id: "AAAA", rawId: "AAAA", type: "public-key" };
const created = { ...credential, response: { clientDataJSON: "AAAA", attestationObject: "AAAA" } };
const used = { ...credential, response: { clientDataJSON: "AAAA", authenticatorData: "AAAA", signature: "AAAA" } };

it("members that browsers add are allowed", () => {
  const added = { authenticatorAttachment: "platform", clientExtensionResults: { credProps: { rk: true } } };
  const inResponse = { publicKey: "AAAA", publicKeyAlgorithm: -7, authenticatorData: "AAAA" };

  expect(
    RegistrationResponse.safeParse({ ...created, ...added, response: { ...created.response, ...inResponse } }).success,
  ).toBe(true);
  expect(AuthenticationResponse.safeParse({ ...used, ...added }).success).toBe(true);
});

it("null and an empty text mean absent", () => {
  const parsed = AuthenticationResponse.parse({ ...used, response: { ...used.response, userHandle: null } });
  const empty = AuthenticationResponse.parse({ ...used, response: { ...used.response, userHandle: "" } });

  expect([parsed.response.userHandle, empty.response.userHandle]).toEqual([undefined, undefined]);
  const response = { ...created.response, transports: null };
  expect(RegistrationResponse.parse({ ...created, response }).response.transports).toBe(undefined);
});

const A = (length: number) => "A".repeat(length);

it.each([
  [RegistrationResponse, created, "id", A(1366), A(1368)],
  [RegistrationResponse, created, "rawId", A(1366), A(1368)],
  [RegistrationResponse, created, "type", "public-key", "password"],
  [RegistrationResponse, created, "response.clientDataJSON", A(4096), A(4098)],
  [RegistrationResponse, created, "response.attestationObject", A(8192), A(8194)],
  [RegistrationResponse, created, "response.transports", Array(16).fill("usb"), Array(17).fill("usb")],
  [RegistrationResponse, created, "response.transports", [A(32)], [A(33)]],
  [RegistrationResponse, created, "response.transports", [], "usb"],
  [AuthenticationResponse, used, "id", "AAAA", ""],
  [AuthenticationResponse, used, "response.authenticatorData", A(4096), A(4098)],
  [AuthenticationResponse, used, "response.signature", A(1024), A(1026)],
  [AuthenticationResponse, used, "response.userHandle", A(86), A(87)],
  // Only one encoding of the same bytes.
  [AuthenticationResponse, used, "response.signature", "AQ", "AR"],
  [AuthenticationResponse, used, "response.signature", "AAE", "AAF"],
  [AuthenticationResponse, used, "response.signature", "_-_-", "/+/+"],
  [AuthenticationResponse, used, "response.signature", "AA", "AA=="],
  [AuthenticationResponse, used, "response.signature", "AAAA", "AAAAA"],
  [AuthenticationResponse, used, "response.signature", "AAAA", "AAAA\n"],
  [AuthenticationResponse, used, "response.signature", "AAAA", 7],
  [AuthenticationResponse, used, "response.signature", "AAAA", null],
])("%# %j: %s is bounded", (schema, base, path, good, bad) => {
  const accepts = (value: unknown) => {
    const [name = "", inner] = path.split(".");
    const changed = inner ? { ...base.response, [inner]: value } : value;
    return schema.safeParse({ ...base, [name]: changed }).success;
  };

  expect([accepts(good), accepts(bad)]).toEqual([true, false]);
});
