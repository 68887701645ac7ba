/** How scenarios about API keys begin, and who takes part. */
import type { Command } from "./actors/commands.ts";
import { keyServiceCommands, keyThiefCommands, keyUserCommands } from "./actors/keys.ts";
import { signedIn } from "./client-scenes.ts";
import { REACHABLE } from "./people.ts";
import type { Step } from "./steps.ts";

const registered = (["own", "other", "public", "machine", "robot"] as const).map(
  (client): Step => ({ who: "administrator", act: "registerClient", client }),
);
const withKey: Step[] = [...registered, ...signedIn("owner"), { who: "owner", act: "createKey", prove: true }];
const withSecondFactor: Step[] = [...registered, ...signedIn("owner"), { who: "owner", act: "addApp", prove: true }];

/** A stranger has registered the address of the owner, and waits. */
const waiting: Step[] = [
  ...registered,
  { who: "stranger", act: "register", email: REACHABLE.owner.emails[0] },
  { who: "stranger", act: "login", identifier: REACHABLE.owner.emails[0] },
  { who: "stranger", act: "createKey", prove: true, scopes: "all" },
];

const withBoth = [...withKey, ...signedIn("user")];
export const KEY_STARTS: Step[][] = [withKey, withBoth, withBoth, withSecondFactor, waiting];

export const KEY_CASTS: Command[][] = [
  [...keyUserCommands("owner"), ...keyServiceCommands],
  [...keyUserCommands("owner"), ...keyUserCommands("user"), ...keyServiceCommands],
  [...keyUserCommands("owner"), ...keyThiefCommands, ...keyServiceCommands],
  [...keyUserCommands("owner"), ...keyUserCommands("stranger"), ...keyServiceCommands],
];
