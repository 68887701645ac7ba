/**
 * An account of one operation, on a development server. It does over HTTP what the tests do for the
 * `prepare` of a row in `test/support/routes.ts`.
 */

import { setTimeout as wait } from "node:timers/promises";
import { decodeJwt } from "jose";
import { JANE, NEW_EMAIL, NEW_PHONE, PASSWORD } from "../../src/http/examples.ts";
import { browserOf } from "../support/login-code-routes.ts";
import type { PreparedJane, Session } from "../support/route.ts";

const POLL_MILLISECONDS = 50;
const MOST_POLLS = 400;
/** No example and no row has a number above it. No message is sent to it. */
const FIRST_PHONE = 12_025_550_200;

interface Kept {
  to: string;
  text: string;
}

interface Secret {
  token: string;
  code: string;
}

export interface Account extends PreparedJane {
  /** Replaces the identifiers of Jane by those of this account. */
  personal: (text: string) => string;
}

/** Registers account number `n`, below 100, and signs it in twice. */
export async function createAccount(server: string, n: number): Promise<Account> {
  const username = `jane${n}`;
  const own: typeof JANE = { username, email: `${username}@example.com`, phone: `+${FIRST_PHONE + n}` };
  const wanted = { email: `new.${own.email}`, phone: `+${FIRST_PHONE + 100 + n}` };
  const replacements = [
    [JANE.email, own.email],
    [JANE.phone, own.phone],
    [JANE.username, username],
    [NEW_EMAIL, wanted.email],
    [NEW_PHONE, wanted.phone],
  ] as const;
  const personal = (text: string) => replacements.reduce((replaced, [from, to]) => replaced.replaceAll(from, to), text);

  const send = (path: string, body: object, token?: string): Promise<Response> => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    return fetch(server + path, { method: "POST", headers, body: personal(JSON.stringify(body)) });
  };
  const post = async (path: string, body: object, token?: string): Promise<Response> => {
    const answer = await send(path, body, token);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const recipients = [own.email, own.phone, wanted.email, wanted.phone];
  const secrets = async (): Promise<Secret[]> => {
    const answer = await fetch(`${server}/dev/outbox`);
    const { messages } = (await answer.json()) as { messages: Kept[] };
    return messages
      .filter(({ to }) => recipients.includes(to))
      .map(secretOf)
      .filter(({ token, code }) => token || code);
  };
  /** Waits until `count` messages with a secret have arrived. Returns the newest. */
  const arrived = async (count: number): Promise<Secret> => {
    for (let polls = 0; polls < MOST_POLLS; polls++) {
      const [newest, ...others] = await secrets();
      if (newest && others.length + 1 >= count) return newest;
      await wait(POLL_MILLISECONDS);
    }
    throw new Error("The message did not arrive.");
  };
  const logIn = async () => (await (await post("/auth/login", { username, password: PASSWORD })).json()) as Session;

  await post("/auth/register", { ...own, password: PASSWORD });
  const [session, other] = [await logIn(), await logIn()];
  // The registration sends the first one.
  let requests = 1;
  const requested: PreparedJane["requested"] = async (path, body) => {
    await arrived(requests);
    const { headers } = await post(path, body, session.access_token);
    return { ...(await arrived(++requests)), browser: browserOf(headers) };
  };
  return {
    own: session,
    other,
    otherId: String(decodeJwt(other.access_token)["sid"]),
    requested,
    post: async (path, body, token) => (await send(path, body, token)).json(),
    // Ends the other session, and gives this one new tokens.
    verifyPhones: async () => {
      const { code } = await requested("/users/me/phone", { phone: own.phone, password: PASSWORD });
      const confirmed = await post("/users/me/phone/confirm", { otp: code }, session.access_token);
      Object.assign(session, await confirmed.json());
    },
    askRemoval: async () => {
      throw new Error("Only a service binding can.");
    },
    authorizeClient: async () => {
      throw new Error("Only an administrator can register it.");
    },
    startDevice: async () => {
      throw new Error("Only an administrator can register its client.");
    },
    linkIdentity: async () => {
      throw new Error("Only a user at a provider can.");
    },
    personal,
  };
}

function secretOf({ text }: Kept): Secret {
  return { token: /[?&]token=([\w-]+)/.exec(text)?.[1] ?? "", code: /\b(\d{6}|\d{8})\b/.exec(text)?.[1] ?? "" };
}
