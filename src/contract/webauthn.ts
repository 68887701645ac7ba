/** The result of `navigator.credentials.create()`, as `toJSON()` returns it (WebAuthn L3 §5.1). */
export interface RegistrationResponseJSON {
  /** The credential id in base64url. */
  id: string;
  rawId: string;
  type: "public-key";
  response: {
    clientDataJSON: string;
    attestationObject: string;
    /** How the browser reaches the authenticator. Values outside the standard are kept. */
    transports?: string[] | null | undefined;
  };
}

/** The result of `navigator.credentials.get()`, as `toJSON()` returns it (WebAuthn L3 §5.1). */
export interface AuthenticationResponseJSON {
  /** The credential id in base64url. */
  id: string;
  rawId: string;
  type: "public-key";
  response: {
    clientDataJSON: string;
    authenticatorData: string;
    signature: string;
    /** The `user.id` of the registration in base64url. A discoverable credential has one. */
    userHandle?: string | null | undefined;
  };
}
