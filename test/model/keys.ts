/** The API keys that people of the model have, and what is known about the ends of keys. */
import type { KeyRow } from "./key-rows.ts";
import { PEOPLE, type Person } from "./people.ts";
import type { Outcome } from "./play.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Step } from "./steps.ts";

/** A key in the hands of a person. */
export interface HeldKey extends KeyRow {
  text: string;
  isOfClient: boolean;
}

/** A token that a key was exchanged for. */
export interface KeyToken {
  text: string;
  key: HeldKey;
  /** Unix milliseconds. */
  expiresAt: number;
  /** The step in which it was issued. */
  step: number;
}

/** What a service hears about a key or its token. */
export interface KeyClaims {
  sub?: string;
  sid?: string;
  client_id?: string;
  scope?: string;
  aud?: string;
  exp?: number;
  roles?: string[];
  amr?: string[];
  auth_time?: number;
  email_verified?: boolean;
}

/** What an act with a key came to, or one on keys. */
export interface KeyAct {
  /** Why it must not succeed. Undefined if it may. */
  flaw?: string | undefined;
  isAccepted: boolean;
  /** It changes nothing even if it succeeds. */
  isReading?: boolean;
  /** What a service heard. */
  said?: { key: HeldKey; claims: KeyClaims; audience: string | undefined; isToken: boolean };
  /** The keys that it may create. */
  creates?: Omit<KeyRow, "id"> & { times: number };
  /** The id of the key that it may revoke. */
  revokes?: string;
  lists?: { ownerId: string; ids: string[] };
  /** The account whose keys it ends with its password. */
  voids?: string;
}

/** How long a service may accept tokens whose key has ended, until the schedule runs. */
const REPEATED_AFTER_MILLISECONDS = 60_000;

/** The end of the tokens of a key. */
interface Denial {
  at: number;
  step: number;
  /** The denylist has it. */
  isWritten: boolean;
}

export const createKeys = () => {
  const lists = <T>() => Object.fromEntries(PEOPLE.map((person) => [person, []])) as unknown as Record<Person, T[]>;
  const held = lists<HeldKey>();
  const tokens = lists<KeyToken>();
  const ended = new Set<string>();
  const denials = new Map<string, Denial>();

  return {
    /** All newest first. */
    held,
    tokens,
    /** The ids of the keys that never work again. */
    ended,

    /** Tests whether services that ask the denylist refuse this token. */
    isDenied({ key, step }: KeyToken): boolean {
      const denial = denials.get(key.id);
      return denial?.isWritten === true && step <= denial.step;
    },

    /** Brings the ends up to date after a step. */
    update(step: Step, outcomes: Outcome[], before: Snapshot, after: Snapshot, number: number) {
      const isFaulty = "fault" in step;
      const isSchedule = !isFaulty && "act" in step && step.act === "schedule";
      for (const denial of denials.values())
        if (isSchedule && after.at - denial.at > REPEATED_AFTER_MILLISECONDS) denial.isWritten = true;
      for (const { key } of outcomes) if (key?.isAccepted && key.revokes && !key.flaw) ended.add(key.revokes);
      for (const { id, ownerId } of before.keys.values()) {
        const account = after.accounts.get(ownerId);
        const isGone = !after.keys.has(id);
        const isDisabled = account?.disabled && !before.accounts.get(ownerId)?.disabled;
        if (isGone || !(account || after.clients.has(ownerId))) ended.add(id);
        if (isGone || isDisabled) denials.set(id, { at: after.at, step: number, isWritten: !isFaulty });
      }
    },
  };
};
