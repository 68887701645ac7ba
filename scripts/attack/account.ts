import { PASSWORD } from "../../test/support/passwords.ts";
import type { Account } from "./targets.ts";

/** The start of a range reserved for fiction. The valid bodies use number 77. */
const FIRST_PHONE = 12_025_550_100;

/** Registers user number `n`, below 70, with every kind of identifier, and signs in. */
export async function createAccount(address: string, n: number): Promise<Account> {
  const username = `janedoe${n}`;
  const addresses = { email: `${username}@example.com`, phone: `+${FIRST_PHONE + n}` };
  await post(`${address}/auth/register`, { username, ...addresses, password: PASSWORD });
  const tokens = await post(`${address}/auth/login`, { username, password: PASSWORD });
  return { username, ...((await tokens.json()) as Omit<Account, "username">) };
}

async function post(url: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
