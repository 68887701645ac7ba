/** Second factors and passkeys in the examples of the API reference. */
export const PASSKEY_ID = "KnGX5iGbhs1Rj8fJ2oXaDQ";
export const USER_HANDLE = "5kz0fMCE5pXbNeTqGhVsrK3M2qsaDbGBvuSmjpOXOm4";
const CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0";

/** The response of an authenticator that has created a passkey. */
export const NEW_CREDENTIAL = {
  id: PASSKEY_ID,
  rawId: PASSKEY_ID,
  type: "public-key",
  response: { clientDataJSON: CLIENT_DATA, attestationObject: "o2NmbXRk", transports: ["internal", "hybrid"] },
};

/** The options that it was created for. */
export const CREATION_OPTIONS = {
  challenge: "WyJzaWduLWluIiwiIiwi4oCmIl0uc2lnbmF0dXJl",
  rp: { id: "auth.example.com", name: "auth.example.com" },
  user: { id: USER_HANDLE, name: "jane.doe@example.com", displayName: "jane.doe@example.com" },
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  timeout: 300_000,
  attestation: "none",
  authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  excludeCredentials: [],
  extensions: { credProps: true },
};

export const RECOVERY_CODES = ["0q8mz-4vk2d", "7h3ec-x91ta"];

/** The secret of an authenticator app that was just created. */
export const TOTP_SETUP = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  uri: "otpauth://totp/auth.example.com:jane.doe%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=auth.example.com",
  expires_in: 600,
};
