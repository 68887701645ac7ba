/**
 * Who a client says it is (RFC 6749 §2.3). Storage checks it in the statement that acts for the
 * client. A secret that this service did not make for the client never gets there.
 */
import { digestsOfClientSecret } from "../../crypto/client-secret.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { PresentedClient } from "../../storage/oauth-clients.ts";
import { ASSERTION_TYPE, assertedClient } from "./client-assertion.ts";
import { isBlocked } from "./client-document.ts";

const BASIC = /^Basic +(.*)$/i;

type Parameters = Record<string, string | undefined>;

/**
 * Reads the client of a form: its id, and its secret in the form or in the Authorization header, or
 * its assertion, which takes a query.
 *
 * Errors: `invalid_client` if there is none, or it is blocked, or its secret or assertion is wrong;
 * `invalid_request` if it authenticates twice.
 */
export async function presentedClient(
  deps: Deps,
  { authorization = "", form }: { authorization: string | undefined; form: Parameters },
): Promise<Result<PresentedClient>> {
  const { config } = deps;
  const [, encoded] = BASIC.exec(authorization) ?? [];
  const basic = encoded === undefined ? undefined : basicCredentials(encoded);
  if (encoded !== undefined && !basic) return err("invalid_client");
  const { client_id, client_secret, client_assertion, client_assertion_type } = form;
  const isAsserted = client_assertion !== undefined || client_assertion_type !== undefined;
  if (
    (isAsserted && (basic || client_secret !== undefined)) ||
    (basic && (client_secret !== undefined || (client_id !== undefined && client_id !== basic.id)))
  ) {
    return { ...err("invalid_request"), detail: "Authenticate the client once: in the header or in the form." };
  }
  if (isAsserted) {
    const assertion = client_assertion_type === ASSERTION_TYPE ? client_assertion : undefined;
    const client = assertion ? await assertedClient(deps, assertion) : undefined;
    return client && (client_id ?? client.id) === client.id ? ok(client) : err("invalid_client");
  }
  const id = basic?.id ?? client_id;
  const secret = basic ? basic.secret : client_secret;
  if (!id || isBlocked(config, id)) return err("invalid_client");
  if (!secret) return ok({ id });
  const secretDigests = digestsOfClientSecret(config.PEPPER, id, secret);
  return secretDigests.length > 0 ? ok({ id, secretDigests }) : err("invalid_client");
}

/** Parses HTTP Basic, whose parts are form-urlencoded (RFC 6749 §2.3.1). */
function basicCredentials(encoded: string): { id: string; secret: string } | undefined {
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const decode = (part: string) => new URLSearchParams(`part=${part.replaceAll("&", "%26")}`).get("part") ?? "";
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}
