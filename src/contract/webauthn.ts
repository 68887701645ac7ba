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
  /** What the browser knows of the credential (§10.1.3). */
  clientExtensionResults?: { credProps?: { rk?: boolean | undefined } | null | undefined } | null | undefined;
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

/** A passkey that a browser may use, or that exists already. */
export interface CredentialDescriptorJSON {
  id: string;
  type: "public-key";
  transports: string[];
}

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export interface AuthenticationOptionsJSON {
  challenge: string;
  rpId: string;
  /** In milliseconds. */
  timeout: number;
  userVerification: "required" | "preferred";
  /** Empty: the browser offers the passkeys that it knows. */
  allowCredentials: CredentialDescriptorJSON[];
}

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export interface RegistrationOptionsJSON {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type: "public-key"; alg: number }[];
  /** In milliseconds. */
  timeout: number;
  attestation: "none";
  authenticatorSelection: Record<"residentKey" | "userVerification", "required" | "preferred">;
  excludeCredentials: CredentialDescriptorJSON[];
  extensions: { credProps: boolean };
}

/** A passkey as its owner sees it. Times are ISO 8601 in UTC. */
export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
  /** Whether it is copied to the user's other devices. */
  backed_up: boolean;
}

export interface PasskeyList {
  passkeys: Passkey[];
  /** For `PublicKeyCredential.signalAllAcceptedCredentials()`. */
  rp_id: string;
  user_handle: string;
}
