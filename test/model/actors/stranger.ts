/**
 * A stranger knows every identifier, registers accounts with them, requests links and codes,
 * guesses, and reads only what reaches their own addresses.
 */
import fc from "fast-check";
import { addressesOf, REACHABLE } from "../people.ts";
import {
  by,
  type Command,
  command,
  letter,
  loginToken,
  newest,
  scope,
  secondFactor,
  some,
  step,
  token,
} from "./commands.ts";

const who = "stranger";
const { owner, user, stranger } = REACHABLE;
const [email] = stranger.emails;
const [phone] = stranger.phones;

const everyone = [...addressesOf("owner").slice(0, 3), ...addressesOf("user").slice(0, 3), ...addressesOf(who)];
const anyIdentifier = some(...everyone, owner.username, user.username, stranger.username);
const own = some(email, phone);
const pause = step("service", "wait", { seconds: some(31) });
const signIn = step(who, "login", { identifier: anyIdentifier, password: fc.constant(0), wrong: fc.constant(false) });

const ownAddress = { identifier: own, password: fc.constant(0), wrong: fc.constant(false) };
const { by: _, ...passkey } = secondFactor();
const proving = { ...newest(), prove: fc.boolean() };

const [victim] = owner.emails;
const claimAddress = [
  step(who, "register", { email: some(victim), phone: some("", phone), username: some("") }),
  step(who, "login", { identifier: some(victim), password: fc.constant(0), wrong: fc.constant(false) }),
];

/** Factors of their own, also on accounts with the address of another person. */
const factors: Command[] = [
  command(2, ...claimAddress, step(who, "addApp", { ...proving, half: fc.boolean() })),
  command(2, ...claimAddress, step(who, "addPasskey", proving)),
  command(2, signIn, step(who, "addApp", { ...proving, half: fc.boolean() })),
  command(2, signIn, step(who, "addPasskey", proving)),
  command(1, step(who, "confirmApp", { ...token(), n: fc.nat(1) })),
  command(1, step(who, "renewCodes", proving)),
  command(1, step(who, "removeApp", proving)),
  command(1, step(who, "removePasskey", { ...proving, n: fc.nat(1) })),
  command(
    2,
    step(who, "login", { identifier: anyIdentifier, password: fc.nat(2), wrong: fc.constant(false) }),
    step(who, "secondStep", secondFactor()),
  ),
  command(2, step(who, "loginByPasskey", passkey)),
  command(2, signIn, step(who, "enrollApp", { ...loginToken(), half: fc.boolean() })),
  command(1, ...claimAddress, step(who, "enrollPasskey", { ...loginToken(), half: fc.boolean() })),
  command(1, step(who, "confirmEnrollment", { ...loginToken(), n: fc.nat(1) })),
  command(1, step(who, "enrollPasskey", { ...loginToken(), late: fc.constant(true) })),
  command(1, step(who, "reauthenticate", { ...token(), ...secondFactor() })),
];

const commands: Command[] = [
  ...factors,
  command(
    4,
    step(who, "register", {
      email: some(email, owner.emails[0], owner.emails[0], user.emails[0], ""),
      phone: some(phone, phone, owner.phones[0], ""),
      username: some("", stranger.username, owner.username),
    }),
  ),
  command(2, step(who, "resend", { identifier: own }), step(who, "verify", letter())),
  command(1, step(who, "verify", letter())),
  command(1, step(who, "verify", { guess: anyIdentifier })),
  command(1, step(who, "resend", { identifier: anyIdentifier })),
  command(2, step(who, "forgot", { identifier: anyIdentifier })),
  command(2, step(who, "requestCode", { identifier: anyIdentifier })),
  command(
    3,
    pause,
    step(who, "requestCode", { identifier: own }),
    step(who, "resetByCode", letter()),
    step(who, "login", ownAddress),
  ),
  command(1, step(who, "resetByCode", letter())),
  command(1, step(who, "resetByCode", { guess: anyIdentifier })),
  command(
    2,
    pause,
    step(who, "forgot", { identifier: own }),
    step(who, "resetByLink", letter()),
    step(who, "login", ownAddress),
  ),
  command(3, signIn),
  command(2, step(who, "login", { identifier: anyIdentifier, password: fc.nat(3), wrong: fc.boolean() })),
  command(1, step(who, "refresh", token())),
  command(1, step(who, "logout", { ...token(), scope, by })),
  command(1, step(who, "me", token())),
  command(1, step(who, "changePassword", { ...token(), prove: fc.boolean() })),
  command(
    2,
    step(who, "requestChange", { ...newest(), address: some(...everyone), prove: fc.boolean() }),
    step(who, "confirmChange", { ...newest(), letter: fc.constant(0) }),
  ),
  command(1, step(who, "removeAddress", { ...newest(), kind: some("email", "phone"), prove: fc.boolean() })),
  command(1, step(who, "endSession", { ...newest(), other: fc.nat(3) })),
  command(1, step(who, "patch", { ...newest(), username: some(stranger.username, owner.username) })),
  command(1, step(who, "deleteAccount", { ...newest(), prove: fc.boolean() })),
  command(1, step(who, "release", letter())),
];

export const strangerCommands = commands.map((each) => ({ ...each, weight: each.weight * 2 }));
