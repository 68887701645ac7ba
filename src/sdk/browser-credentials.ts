/**
 * Passkeys of the browser: `navigator.credentials` in the JSON of WebAuthn L3 §5.1. Not all
 * browsers have functions for it, and some extensions that keep passkeys replace them with broken
 * ones. The hosted pages use it, too.
 */
import type {
  AuthenticationOptionsJSON,
  AuthenticationResponseJSON,
  CredentialDescriptorJSON,
  PasskeyList,
  RegistrationOptionsJSON,
  RegistrationResponseJSON,
} from "../contract/webauthn.ts";

/** The share of the lifetime of options after which an offer in a field gets new ones. */
export const FRESH_SHARE = 0.8;

/** What accompanies the options of a passkey. */
export interface CredentialsRequest {
  /** `conditional`: the browser offers passkeys in a field of the page. */
  mediation?: "conditional" | undefined;
  /** Closes the dialog of the browser. */
  signal?: AbortSignal | undefined;
}

/** WebAuthn as browsers have it. The types of Workers lack it. */
interface Browser {
  navigator?: { credentials: Record<"create" | "get", (options: object) => Promise<unknown>> };
  PublicKeyCredential?: {
    isConditionalMediationAvailable?(): Promise<boolean>;
    signalAllAcceptedCredentials?(accepted: AcceptedPasskeys): Promise<void>;
  };
}
const browser = () => globalThis as unknown as Browser;

interface Assertion {
  id: string;
  response: Record<"clientDataJSON" | "authenticatorData" | "signature", ArrayBuffer> & {
    userHandle: ArrayBuffer | null;
  };
}

interface Attestation {
  id: string;
  response: Record<"clientDataJSON" | "attestationObject", ArrayBuffer> & { getTransports?(): string[] };
  getClientExtensionResults(): { credProps?: { rk?: boolean } };
}

/** Uses a passkey. Rejects if the user cancels. */
export async function getPasskey(
  options: AuthenticationOptionsJSON,
  request: CredentialsRequest = {},
): Promise<AuthenticationResponseJSON> {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge),
    allowCredentials: options.allowCredentials.map(toDescriptor),
  };
  const { id, response } = (await credentials().get({ ...request, publicKey })) as Assertion;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId: id,
    type: "public-key",
    response: {
      clientDataJSON: encode(clientDataJSON),
      authenticatorData: encode(authenticatorData),
      signature: encode(signature),
      userHandle: userHandle && encode(userHandle),
    },
  };
}

/**
 * Creates a passkey. Rejects if the user cancels, with an `InvalidStateError` if the authenticator
 * has one of the account already.
 */
export async function createPasskey(
  options: RegistrationOptionsJSON,
  request: CredentialsRequest = {},
): Promise<RegistrationResponseJSON> {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: options.excludeCredentials.map(toDescriptor),
  };
  const credential = (await credentials().create({ ...request, publicKey })) as Attestation;
  const { clientDataJSON, attestationObject } = credential.response;
  const { credProps } = credential.getClientExtensionResults();
  return {
    id: credential.id,
    rawId: credential.id,
    type: "public-key",
    response: {
      clientDataJSON: encode(clientDataJSON),
      attestationObject: encode(attestationObject),
      transports: credential.response.getTransports?.(),
    },
    clientExtensionResults: { credProps },
  };
}

/** Tests whether this is a browser with WebAuthn. Pages without https have none. */
export const hasPasskeys = (): boolean => browser().PublicKeyCredential !== undefined;

/** Tests whether the browser offers passkeys in a field. */
export const hasAutofill = async (): Promise<boolean> =>
  (await browser().PublicKeyCredential?.isConditionalMediationAvailable?.()) ?? false;

/** Tests whether the browser can be told which passkeys are left. */
export const hasSignals = (): boolean => browser().PublicKeyCredential?.signalAllAcceptedCredentials !== undefined;

/** The passkeys of a user, as `signalAllAcceptedCredentials` takes them. */
export interface AcceptedPasskeys {
  rpId: string;
  userId: string;
  allAcceptedCredentialIds: string[];
}

export const acceptedOf = ({ rp_id, user_handle, passkeys }: PasskeyList): AcceptedPasskeys => ({
  rpId: rp_id,
  userId: user_handle,
  allAcceptedCredentialIds: passkeys.map(({ id }) => id),
});

/** Tells the browser which passkeys of the user are left, so that it stops offering others. */
export async function signalAccepted(accepted: AcceptedPasskeys): Promise<void> {
  try {
    await browser().PublicKeyCredential?.signalAllAcceptedCredentials?.(accepted);
  } catch {
    // The page may not use passkeys of this service, or the browser does not store any.
  }
}

const credentials = () => (browser().navigator as NonNullable<Browser["navigator"]>).credentials;

const toDescriptor = ({ id, ...descriptor }: CredentialDescriptorJSON) => ({ ...descriptor, id: decode(id) });

const decode = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

/** Encodes bytes in base64url. */
export const encode = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
