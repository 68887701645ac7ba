/** How scenarios about clients begin, and who takes part. */

import { clientServiceCommands, clientThiefCommands, clientUserCommands } from "./actors/clients.ts";
import type { Command } from "./actors/commands.ts";
import type { ClientName } from "./clients.ts";
import { type Person, REACHABLE } from "./people.ts";
import type { Step } from "./steps.ts";

const registered = (["own", "other", "public", "machine"] as const).map(
  (client): Step => ({ who: "administrator", act: "registerClient", client }),
);
export const signedIn = (who: Person): Step[] => {
  const { emails, username } = REACHABLE[who];
  const [email] = emails;
  return [
    { who, act: "register", email, username },
    { who, act: "verify" },
    { who, act: "login", identifier: email },
  ];
};
const withTokens = (client: ClientName): Step[] => [
  { who: "owner", act: "authorize", client },
  { who: "owner", act: "exchange" },
];

const BOTH = [...registered, ...signedIn("owner"), ...signedIn("user")];

export const CLIENT_STARTS: Step[][] = [
  BOTH,
  [...registered, ...signedIn("owner"), ...withTokens("public")],
  [...BOTH, ...withTokens("other")],
];

export const CLIENT_CASTS: Command[][] = [
  [...clientUserCommands("owner"), ...clientThiefCommands, ...clientServiceCommands],
  [...clientUserCommands("owner"), ...clientUserCommands("user"), ...clientServiceCommands],
];
