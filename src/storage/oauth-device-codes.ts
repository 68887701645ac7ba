/** Device codes (RFC 8628) as their clients use them: starting and polling one. */
import { and, eq, gt, isNull, lte, sql } from "drizzle-orm";
import { oauthClients, oauthDeviceCodes } from "../../drizzle/schema.ts";
import { ACCOUNT_SCOPE, DEVICE_GRANT } from "../contract/oauth-client.ts";
import { batch, type Db, insertSelect } from "./db.ts";
import type { AuditContext } from "./events.ts";
import { clientExists, clientStatements, hasGrant, isClient, type PresentedClient } from "./oauth-clients.ts";
import { type PresentedCode, type RedeemOptions, redeemed, redeemStatements } from "./oauth-codes.ts";
import { CODE_OF_DEVICE } from "./oauth-device-answers.ts";
import type { Stale } from "./purge.ts";

/** Codes without an answer that a network may have of one client: people behind one address. */
const MAX_OF_NETWORK = 50;
/** Codes that a client may have. Bounds the table, whatever strangers do. */
const MAX_OF_CLIENT = 10_000;

/** How much a poll may be early: networks are not even. */
const EARLY_MILLISECONDS = 1000;
const SLOW_DOWN_SECONDS = 5;

/** How long an expired code is kept, so that its client learns that it has expired. */
const KEPT_MILLISECONDS = 600_000;

type DeviceCodeRow = typeof oauthDeviceCodes.$inferSelect;

type NewDeviceCode = Pick<
  DeviceCodeRow,
  "digest" | "userCodeDigest" | "scopes" | "resource" | "network" | "expiresAt" | "intervalSeconds"
>;

/**
 * Starts a device code for a client, with those of `scopes` that the client may have. `client` is
 * undefined if it is not the one that it says. `isStarted` is false if it lacks the grant, if the
 * resource is none (`isTarget`), or if it or the network has too many codes.
 */
export async function startDeviceCode(
  db: Db,
  presented: PresentedClient,
  { scopes, ...code }: NewDeviceCode,
  { at, isTarget }: { at: number; isTarget: boolean },
) {
  const asked = sql`json_each(${JSON.stringify(scopes)}) as asked`;
  const row = {
    ...code,
    clientId: presented.id,
    scopes: sql`(select json_group_array(asked.value) from ${asked} where (${oauthClients.scopes} is null
      or asked.value in (select value from json_each(${oauthClients.scopes})))
      and (${oauthClients.firstParty} or asked.value <> ${ACCOUNT_SCOPE}))`,
    polledAt: null,
    answer: null,
  };
  const ofClient = sql`select 1 from oauth_device_codes where client_id = ${presented.id}`;
  const ofNetwork = sql`${ofClient} and network is ${code.network} and answer is null and expires_at > ${at}`;
  const { client, started } = await batch(db, {
    ...clientStatements(db, presented, at),
    started: insertSelect(
      db,
      oauthDeviceCodes,
      row,
      sql`from ${oauthClients} where ${and(isClient(presented, at), hasGrant(DEVICE_GRANT))} and ${isTarget}
        and (select count(*) from (${ofClient})) < ${MAX_OF_CLIENT}
        and (select count(*) from (${ofNetwork})) < ${MAX_OF_NETWORK}`,
    )
      .onConflictDoNothing()
      .returning({ scopes: oauthDeviceCodes.scopes }),
  });
  return { client: client[0], isStarted: started.length === 1 };
}

/** A device code as its client presents it. */
export type PresentedDeviceCode = Pick<PresentedCode, "client" | "digest" | "resource">;

/**
 * Polls a device code, and exchanges it for a session of the client once the user has allowed it.
 * `device` is the code before this poll; undefined if the client has none with this digest.
 * `isEarly` says whether the poll came too soon, which makes the interval longer.
 */
export async function pollDeviceCode(
  db: Db,
  presented: PresentedDeviceCode,
  options: RedeemOptions,
  audit: AuditContext,
) {
  const { at } = audit;
  const isOwn = and(
    eq(oauthDeviceCodes.digest, presented.digest),
    eq(oauthDeviceCodes.clientId, presented.client.id),
    clientExists(db, isClient(presented.client, at)),
  );
  const { polledAt, intervalSeconds } = oauthDeviceCodes;
  const isEarly = sql`${polledAt} > ${at + EARLY_MILLISECONDS} - ${intervalSeconds} * 1000`;
  const results = await batch(db, {
    ...redeemStatements(db, { ...presented, ...CODE_OF_DEVICE, grantType: DEVICE_GRANT }, options, audit),
    device: db.select().from(oauthDeviceCodes).where(isOwn),
    polled: db
      .update(oauthDeviceCodes)
      .set({
        polledAt: at,
        intervalSeconds: sql`${intervalSeconds} + iif(${isEarly}, ${SLOW_DOWN_SECONDS}, 0)`,
      })
      .where(and(isOwn, isNull(oauthDeviceCodes.answer), gt(oauthDeviceCodes.expiresAt, at)))
      .returning({ intervalSeconds }),
  });
  const [device] = results.device;
  const isSlowedDown = results.polled[0] && device && results.polled[0].intervalSeconds > device.intervalSeconds;
  return { ...redeemed(results), device, isEarly: isSlowedDown ?? false };
}

/** Codes that have been expired for some time. */
export const staleDeviceCodes = (now: number): Stale => ({
  table: oauthDeviceCodes,
  where: lte(oauthDeviceCodes.expiresAt, now - KEPT_MILLISECONDS),
});
