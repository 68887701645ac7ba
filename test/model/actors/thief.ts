/**
 * A thief copies tokens, passwords and recovery codes at some moment and uses the copies, from a
 * network of their own.
 */
import fc from "fast-check";
import { REACHABLE } from "../people.ts";
import { by, type Command, command, letter, loginToken, scope, secondFactor, some, step, token } from "./commands.ts";

const who = "thief";
const { emails, phones, username } = REACHABLE[who];
const { owner, user } = REACHABLE;
const victim = fc.constantFrom<("owner" | "user")[]>("owner", "owner", "user");
const identifier = some(owner.emails[0], owner.emails[0], user.emails[0]);
const proving = { ...token(), prove: fc.boolean() };
const signIn = step(who, "login", { identifier, password: fc.nat(1), wrong: fc.constant(false) });
const copyPassword = step(who, "copySecret", { from: victim, what: fc.constant("password" as const) });
const copyCode = step(who, "copySecret", { from: victim, what: fc.constant("code" as const) });

const copyDevice = step(who, "copySecret", { from: victim, what: fc.constant("device" as const) });
const signInTrusting = [
  step("owner", "login", { identifier: some(owner.emails[0]) }),
  step("service", "wait", { seconds: some(31) }),
  step("owner", "secondStep", { by: some("app", "passkey"), trust: fc.constant(true) }),
];
/** The owner trusts the browser again after a new password. The copy of its token is older. */
const copyOldDevice = [
  ...signInTrusting,
  copyDevice,
  step("owner", "forgot", { identifier: some(owner.emails[0]) }),
  step("owner", "resetByLink", {}),
  ...signInTrusting,
];
const enrolling = step(who, "enrollApp", { ...loginToken(), half: fc.boolean() });

const commands: Command[] = [
  command(2, copyPassword, copyDevice, signIn),
  command(1, copyDevice),
  command(2, ...copyOldDevice, copyPassword, signIn),
  command(1, signIn),
  command(2, copyPassword, signIn, enrolling),
  command(1, enrolling),
  command(1, step(who, "confirmEnrollment", { ...loginToken(), n: fc.nat(1) })),
  command(1, step(who, "enrollPasskey", { ...loginToken(), half: fc.boolean(), late: fc.boolean() })),
  command(1, step(who, "distrust", { ...token(), n: fc.nat(1) })),
  command(1, step(who, "keepFactors", token())),
  command(5, step(who, "steal", { from: victim, ...token() })),
  command(1, copyPassword),
  command(1, copyCode),
  command(2, copyPassword, signIn, step(who, "secondStep", secondFactor())),
  command(
    1,
    copyPassword,
    copyCode,
    signIn,
    step(who, "secondStep", { ...secondFactor(), by: fc.constant("code" as const) }),
  ),
  command(1, step(who, "secondStep", secondFactor())),
  command(1, step(who, "loginByPasskey", { replay: fc.constant(true) })),
  command(1, step(who, "reauthenticate", { ...token(), ...secondFactor() })),
  command(1, step(who, "addApp", { ...proving, half: fc.boolean() })),
  command(1, step(who, "confirmApp", { ...token(), n: fc.nat(1) })),
  command(1, step(who, "addPasskey", proving)),
  command(1, step(who, "renewCodes", proving)),
  command(1, step(who, "removeApp", proving)),
  command(1, step(who, "removePasskey", { ...proving, n: fc.nat(1) })),
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
