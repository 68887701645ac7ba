/**
 * The package `gatehouse-auth/testing`, for the tests of Workers that use `gatehouse-auth`.
 *
 * It signs tokens, replaces the service bindings, and reads the messages of a local service, for
 * which it also has passkeys. What it replaces the bindings with keeps accounts in memory and does
 * not run the service.
 */
// biome-ignore-all lint/performance/noBarrelFile: this file is an entry point of the package.
export type { NewTestUser, TestMessage } from "./test-accounts.ts";
export { testIssuerBehind, testWorker } from "./test-binding.ts";
export { createTestCredentials } from "./test-credentials.ts";
export { createTestIssuer, type TestIssuer, type TestIssuerOptions } from "./test-issuer.ts";
export { forgetIssuers } from "./verifier.ts";

/** A clock that moves only by `advance`. Pass its `now` to the code under test. */
export interface TestClock {
  /** Returns the Unix time in milliseconds. */
  now(): number;
  advance(seconds: number): void;
}

export function createTestClock(start: Date | string = "2030-01-01T00:00:00Z"): TestClock {
  let time = new Date(start).getTime();
  return {
    now: () => time,
    advance(seconds) {
      time += seconds * 1000;
    },
  };
}

/** A message that a local service kept instead of sending it. */
export interface OutboxMessage {
  channel: "mail" | "sms";
  to: string;
  /** `null` for a text message. */
  subject: string | null;
  text: string;
  /** The link and the code in the text, if there are any. */
  link: string | null;
  code: string | null;
}

type StoredMessage = { to: string; text: string } & ({ channel: "mail"; subject: string } | { channel: "sms" });

/**
 * Reads the messages that the service at `address` kept, newest first. A service keeps messages if
 * it runs on a loopback address without providers. Throws if the service has no outbox.
 */
export async function readOutbox(address: string): Promise<OutboxMessage[]> {
  const response = await fetch(new URL("/dev/outbox", address));
  if (!response.ok) throw new Error(`${address} has no outbox: it returned ${response.status}.`);
  const { messages } = (await response.json()) as { messages: StoredMessage[] };
  return messages.map(toOutboxMessage);
}

const LINK = /https?:\/\/\S+/;
const CODE = /\b(?:\d{6}|\d{8})\b/;

function toOutboxMessage(message: StoredMessage): OutboxMessage {
  const { channel, to, text } = message;
  const subject = message.channel === "mail" ? message.subject : null;
  const link = LINK.exec(text)?.[0] ?? null;
  const code = CODE.exec(text.replace(LINK, ""))?.[0] ?? null;
  return { channel, to, subject, text, link, code };
}
