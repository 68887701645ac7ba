/** A thief copies tokens at some moment and uses the copies, from a network of their own. */
import fc from "fast-check";
import { REACHABLE } from "../people.ts";
import { by, type Command, command, letter, scope, some, step, token } from "./commands.ts";

const who = "thief";
const { emails, phones, username } = REACHABLE[who];

const commands: Command[] = [
  command(5, step(who, "steal", { from: some("owner", "owner", "user"), ...token() })),
  command(5, step(who, "refresh", token())),
  command(2, step(who, "me", token())),
  command(3, step(who, "logout", { ...token(), scope, by })),
  command(1, step(who, "sessions", token())),
  command(1, step(who, "events", token())),
  command(1, step(who, "endSession", { ...token(), other: fc.nat(3) })),
  command(1, step(who, "patch", { ...token(), username: some(username) })),
  command(1, step(who, "changePassword", { ...token(), prove: fc.constant(false) })),
  command(
    1,
    step(who, "requestChange", { ...token(), address: some(emails[0], phones[0]), prove: fc.constant(false) }),
    step(who, "confirmChange", { ...token(), ...letter() }),
  ),
  command(1, step(who, "removeAddress", { ...token(), kind: some("email", "phone"), prove: fc.constant(false) })),
  command(1, step(who, "deleteAccount", { ...token(), prove: fc.constant(false) })),
];

export const thiefCommands = commands.map((each) => ({ ...each, weight: each.weight * 3 }));
