/**
 * The address to which an account is about to change, until the code that was sent there is
 * entered. It waits in a cookie, so that no page has to look it up. Its text is as good as typed: a
 * request for another code validates it, and a code only confirms the address it was sent to.
 */
import type { Context } from "hono";
import type { AddressKind } from "../contract/identifiers.ts";
import type { AppEnv } from "../http/app-env.ts";
import { dropPageCookie, pageCookie, setPageCookie } from "../http/page-cookies.ts";
import { cooldownAfter } from "./resend.tsx";

const TTL_SECONDS = 1800;

const nameOf = (kind: AddressKind) => `pending_${kind}` as const;

interface PendingAddress {
  address: string;
  /** The seconds until another code is sent. */
  waitSeconds: number;
}

/** Remembers an address to which a code was just sent. */
export const keepPending = <E extends AppEnv>(c: Context<E>, kind: AddressKind, userId: string, address: string) =>
  setPageCookie(c, nameOf(kind), `${userId} ${c.var.deps.now()} ${address}`, TTL_SECONDS);

/** Returns the address that this user has to confirm. */
export function pendingAddress<E extends AppEnv>(
  c: Context<E>,
  kind: AddressKind,
  userId: string,
): PendingAddress | undefined {
  const [owner, sentAt, address] = (pageCookie(c, nameOf(kind)) ?? "").split(" ");
  if (owner !== userId || !address) return undefined;
  return { address, waitSeconds: cooldownAfter(c, Number(sentAt) || 0) };
}

export const forgetPending = (c: Context, kind: AddressKind) => dropPageCookie(c, nameOf(kind));
