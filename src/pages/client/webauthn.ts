/**
 * `navigator.credentials` in the JSON of WebAuthn L3 §5.1. Not all browsers have functions for it,
 * and some extensions that keep passkeys replace them with broken ones.
 */
import type {
  AuthenticationOptionsJSON,
  AuthenticationResponseJSON,
  CredentialDescriptorJSON,
  RegistrationOptionsJSON,
  RegistrationResponseJSON,
} from "../../contract/webauthn.ts";

/** Uses a passkey. Rejects if the user cancels. */
export async function getPasskey(
  options: AuthenticationOptionsJSON,
  request: Pick<CredentialRequestOptions, "mediation" | "signal"> = {},
): Promise<AuthenticationResponseJSON> {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge),
    allowCredentials: options.allowCredentials.map(toDescriptor),
  };
  const credential = await navigator.credentials.get({ ...request, publicKey });
  const { id, response } = credential as PublicKeyCredential;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
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
export async function createPasskey(options: RegistrationOptionsJSON): Promise<RegistrationResponseJSON> {
  const publicKey = {
    ...options,
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: options.excludeCredentials.map(toDescriptor),
  };
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  const { credProps } = credential.getClientExtensionResults();
  return {
    id: credential.id,
    rawId: credential.id,
    type: "public-key",
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      attestationObject: encode(response.attestationObject),
      transports: response.getTransports?.(),
    },
    clientExtensionResults: { credProps },
  };
}

const toDescriptor = ({ id, ...descriptor }: CredentialDescriptorJSON) => ({
  ...descriptor,
  id: decode(id),
  transports: descriptor.transports as AuthenticatorTransport[],
});

const decode = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

const encode = (bytes: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
