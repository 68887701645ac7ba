import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "../../src/contract/webauthn.ts";
import data from "../crypto/webauthn-vectors.json" with { type: "json" };

/**
 * A pair of responses from the test vectors of W3C, in the shape that browsers send. Copyright by
 * W3C, under its Software and Document License 2023.
 */
export interface Vector {
  name: string;
  registrationChallenge: string;
  registration: RegistrationResponseJSON;
  authenticationChallenge: string;
  authentication: AuthenticationResponseJSON;
}

export const vectors: Vector[] = data.vectors.map(({ name, registration, authentication }) => {
  const credential = { id: registration.credentialId, rawId: registration.credentialId, type: "public-key" } as const;
  const { challenge: registrationChallenge, clientDataJSON, attestationObject } = registration;
  const { challenge: authenticationChallenge, ...response } = authentication;
  return {
    name,
    registrationChallenge,
    registration: { ...credential, response: { clientDataJSON, attestationObject } },
    authenticationChallenge,
    authentication: { ...credential, response },
  };
});
