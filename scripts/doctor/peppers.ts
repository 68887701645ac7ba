/** Checks whether a rotated pepper has replaced the earlier ones. It knows their names alone. */
import { startOf } from "../../src/config/peppers.ts";
import type { Finding } from "./report.ts";

const CHECK = "peppers";
const DAY_MILLISECONDS = 86_400_000;
/** Secrets that are in use have the new pepper by then. Sessions of apps take longest. */
const MAX_DAYS = 30;

export interface PepperState {
  /** The name of the secret with the pepper in use. */
  pepper: string;
  /** How many earlier ones are still accepted. */
  earlier: number;
  /** What follows `npm run pepper -- prune` for them, such as an address. */
  target: string;
  /** Unix time in milliseconds. */
  now: number;
}

export function checkPeppers({ pepper, earlier, target, now }: PepperState): Finding[] {
  if (earlier === 0) return [];
  const days = Math.floor((now - startOf(pepper)) / DAY_MILLISECONDS);
  const accepted = `${earlier} earlier ${earlier === 1 ? "one is" : "ones are"} still accepted`;
  const next = `Count what needs ${earlier === 1 ? "it" : "them"}, and delete: npm run pepper -- prune${target}`;
  const message = `${pepper} is used for ${days} days, and ${accepted}. ${next}`;
  return [{ check: CHECK, level: days > MAX_DAYS ? "warn" : "ok", message }];
}
