/** Client data (WebAuthn L3 §5.8.1): what the browser says of the page that asked. */
import { type Ceremony, fromBase64url, fromUtf8 } from "./ceremony.ts";
import { check, Refusal } from "./refusal.ts";

interface ClientData {
  type?: unknown;
  challenge?: unknown;
  origin?: unknown;
  crossOrigin?: unknown;
  topOrigin?: unknown;
}

/** Reads the challenge and the origin of a response. Checks nothing; "" stands for neither. */
export function readClientData(clientDataJSON: string): { challenge: string; origin: string } | undefined {
  try {
    const { challenge, origin } = parse(fromBase64url(clientDataJSON));
    return {
      challenge: typeof challenge === "string" ? challenge : "",
      origin: typeof origin === "string" ? origin : "",
    };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Checks the client data, and returns the bytes that the authenticator signed. */
export function checkClientData(
  clientDataJSON: string,
  type: "webauthn.create" | "webauthn.get",
  { challenge, origins }: Ceremony,
): Buffer {
  const bytes = fromBase64url(clientDataJSON);
  const clientData = parse(bytes);
  const { origin, crossOrigin = false, topOrigin } = clientData;
  check(clientData.type === type, "wrong_type");
  check(clientData.challenge === challenge, "wrong_challenge");
  check(typeof origin === "string" && origins.includes(origin), "wrong_origin");
  // Pages of this service never ask from a frame of another site.
  check(crossOrigin === false && topOrigin === undefined, "cross_origin");
  return bytes;
}

function parse(bytes: Buffer): ClientData {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes, "malformed_client_data"));
    if (typeof value === "object" && value !== null) return value;
  } catch {}
  throw new Refusal("malformed_client_data");
}
