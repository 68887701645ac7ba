/**
 * Device authorization (RFC 8628): a device without a browser shows a code, its user types the code
 * on another device and allows it, and the first device polls until then.
 *
 * Nothing is allowed without a question, not even to a client of the operator: somebody could have
 * sent the code (§5.4).
 */
import * as z from "zod/mini";
import { lifetimesOf } from "../../auth/renew-session.ts";
import { DEVICE_GRANT } from "../../contract/oauth-client.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import { createSecret, digestOfSecret } from "../../crypto/one-time.ts";
import { createUserCode, digestOfUserCode, isUserCode, readable } from "../../crypto/user-code.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { networkBlockOf } from "../../schemas/message.ts";
import { toPlain } from "../../schemas/typed.ts";
import type { ClientRow, PresentedClient } from "../../storage/oauth-clients.ts";
import { answerDeviceCode, findDeviceCode } from "../../storage/oauth-device-answers.ts";
import { pollDeviceCode, startDeviceCode } from "../../storage/oauth-device-codes.ts";
import { findResource } from "./authorization-request.ts";
import { knownScopes } from "./scopes.ts";
import { type ClientTokens, issueRedeemed, type Parameters, resourceIn } from "./token.ts";

const TTL_SECONDS = 600;
const INTERVAL_SECONDS = 5;

export const DEVICE_PATH = "/device";

/** A successful response (RFC 8628 §3.2). */
interface DeviceAuthorization {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  /** In seconds. */
  expires_in: number;
  interval: number;
}

/**
 * Starts a device code. Scopes that the service or the client does not have are ignored.
 *
 * Errors: `invalid_client`; `unauthorized_client`; `invalid_target`; `too_many_requests` if the
 * network or the client has too many codes without an answer.
 */
export async function startDevice(
  deps: Deps,
  presented: PresentedClient,
  { scope, resource }: Parameters,
): Promise<Result<DeviceAuthorization>> {
  const { config, now, requestContext } = deps;
  const target = resource === undefined ? null : findResource(config, resource);
  const [deviceCode, userCode] = [createSecret(), createUserCode()];
  const code = {
    digest: digestOfSecret(deviceCode),
    userCodeDigest: digestOfUserCode(config.PEPPER[0], userCode),
    scopes: knownScopes(config, scope),
    resource: target ?? null,
    network: networkBlockOf(requestContext.ip) ?? null,
    expiresAt: now() + TTL_SECONDS * 1000,
    intervalSeconds: INTERVAL_SECONDS,
  };
  const isTarget = target !== undefined;
  const { client, isStarted } = await startDeviceCode(deps.db, presented, code, { at: now(), isTarget });
  if (!client) return err("invalid_client");
  if (!client.grantTypes.includes(DEVICE_GRANT)) return err("unauthorized_client");
  if (!isTarget) return err("invalid_target");
  if (!isStarted) return err("too_many_requests");
  const uri = `${config.ISSUER}${DEVICE_PATH}`;
  return ok({
    device_code: deviceCode,
    user_code: readable(userCode),
    verification_uri: uri,
    verification_uri_complete: `${uri}?${new URLSearchParams({ user_code: readable(userCode) })}`,
    expires_in: TTL_SECONDS,
    interval: INTERVAL_SECONDS,
  });
}

/**
 * Exchanges a device code for tokens, once the user has allowed it (RFC 8628 §3.5).
 *
 * Errors: `invalid_client`; `unauthorized_client`; `authorization_pending`; `slow_down`;
 * `access_denied`; `expired_token`; `invalid_grant` if the code is wrong or used, or the user may
 * not sign in anymore; `invalid_target` if the code is for another resource.
 */
export async function exchangeDeviceCode(
  deps: Deps,
  client: PresentedClient,
  params: Parameters,
): Promise<Result<ClientTokens>> {
  const { device_code = "" } = params;
  const resource = resourceIn(deps, params);
  const polled = await pollDeviceCode(
    deps.db,
    { client, digest: digestOfSecret(device_code), resource },
    { mustBeVerified: deps.config.REQUIRE_VERIFICATION, lifetimes: lifetimesOf(deps) },
    deps.audit(),
  );
  const { device } = polled;
  if (!polled.client) return err("invalid_client");
  if (!polled.client.grantTypes.includes(DEVICE_GRANT)) return err("unauthorized_client");
  if (!device_code) return { ...err("invalid_request"), detail: "`device_code` is required." };
  if (!device) return err("invalid_grant");
  if (resource !== undefined && resource !== device.resource) return err("invalid_target");
  if (device.answer === "deny") return err("access_denied");
  const isOver = device.expiresAt <= deps.now();
  if (isOver && !polled.opened && polled.reused.length === 0) return err("expired_token");
  if (device.answer === "allow") return issueRedeemed(deps, polled);
  return err(polled.isEarly ? "slow_down" : "authorization_pending");
}

/** A user code as people type it, or the link that has it: in any case, with any separators. */
export const UserCode = z.pipe(
  z.string(),
  z.transform((typed) =>
    toPlain(typed)
      .replace(/^.*[?&]user_code=/, "")
      .toUpperCase()
      .replace(/[^A-Z]/g, ""),
  ),
);

/** The content of the page that asks the user about a device. */
export interface DeviceQuestion {
  client: Pick<ClientRow, "name" | "firstParty">;
  scopes: string[];
  userCode: string;
  userName: string | null;
}

const digestsOf = ({ config }: Deps, userCode: string) =>
  isUserCode(userCode) ? config.PEPPER.map((pepper) => digestOfUserCode(pepper, userCode)) : [];

/** Finds what a device asks for. Errors: `unauthenticated`; `invalid_code`. */
export async function questionOf(deps: Deps, session: SessionRef, userCode: string): Promise<Result<DeviceQuestion>> {
  const { device, user } = await findDeviceCode(deps.db, digestsOf(deps, userCode), session, deps.now());
  if (!user) return err("unauthenticated");
  return device ? ok({ ...device, userCode: readable(userCode), userName: user.name }) : err("invalid_code");
}

/** Answers a device. Errors: `unauthenticated`; `invalid_code` if it has an answer or expired. */
export async function answerDevice(
  deps: Deps,
  session: SessionRef,
  { userCode, isAllowed }: { userCode: string; isAllowed: boolean },
): Promise<Result> {
  const { userId, sessionId } = session;
  const digests = digestsOf(deps, userCode);
  const mustBeVerified = deps.config.REQUIRE_VERIFICATION;
  const given = { digests, session: { userId, sessionId }, isAllowed, mustBeVerified };
  const answered = await answerDeviceCode(deps.db, given, deps.audit());
  if (answered === undefined) return err("unauthenticated");
  return answered ? ok() : err("invalid_code");
}
