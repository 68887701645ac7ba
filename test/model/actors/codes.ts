/** People who sign in by what is mailed to them, and those who try it without the mailbox. */
import fc from "fast-check";
import { addressesOf, type Person, REACHABLE } from "../people.ts";
import { by, type Command, command, letter, newest, scope, some, step, token } from "./commands.ts";

const pause = step("service", "wait", { seconds: some(31) });
const seconds = (...values: number[]) => step("service", "wait", { seconds: some(...values) });
const yes = fc.constant(true);
const none = fc.constant(undefined);
const proof = { letter: fc.constant(0), of: none, guesses: none };
const code = { ...proof, identifier: none, elsewhere: some(false, false, true) };
const own = { ...proof, ...newest() };
const link = { letter: fc.constant(0), elsewhere: fc.constant(false), from: none };
const victim = some(REACHABLE.owner.emails[0]);
const password = { password: fc.constant(0), wrong: fc.constant(false) };
const purposes = some<"verification" | "password-reset-code" | "email-change" | "reauthentication-code">(
  "verification",
  "verification",
  "password-reset-code",
  "email-change",
  "reauthentication-code",
);

const requestVictims = step("owner", "requestLoginCode", { identifier: victim });
const typeVictims = step("owner", "typeLoginCode", code);
const guess = (who: Person) => step(who, "typeLoginCode", { ...code, identifier: victim, guesses: some(4, 5) });

/** A person who signs in to their own account by a code or link. */
export function codeOwnerCommands(who: Person): Command[] {
  const { emails, phones, username } = REACHABLE[who];
  const [email] = emails;
  const [phone] = phones;
  const request = step(who, "requestLoginCode", { identifier: some(email, email, phone, username) });
  const type = step(who, "typeLoginCode", code);
  const open = step(who, "openLoginLink", link);
  const use = fc.oneof(type, open);
  const old = fc.oneof(
    step(who, "typeLoginCode", { ...code, ...letter() }),
    step(who, "openLoginLink", { ...link, ...letter() }),
  );
  const rightStep = step(who, "secondStep", { by: some("app", "passkey") });
  const administer = (what: "disableUser" | "enableUser") =>
    step("administrator", "administer", { identifier: some(email), what: some(what) });
  const reauthenticate = [
    step(who, "requestReauthenticationCode", newest()),
    step(who, "reauthenticateByCode", own),
  ] as const;
  const registerAlone = step(who, "register", { email: some(email), phone: some("", phone), username: some("") });
  const remove = fc.oneof(
    step(who, "removePassword", { ...newest(), prove: fc.boolean() }),
    step(who, "removePasskey", { ...newest(), n: fc.constant(0), prove: fc.boolean() }),
    step(who, "removeAddress", { ...newest(), kind: some("email", "phone"), prove: fc.boolean() }),
  );
  return [
    command(3, pause, request, type),
    command(3, pause, request, open),
    command(2, pause, request, use, rightStep),
    command(1, pause, request, use, use),
    command(1, request, pause, request, old, old),
    command(1, pause, request, step(who, "openLoginLink", { ...link, elsewhere: yes }), open),
    command(1, pause, request, seconds(301, 1), use),
    command(1, pause, request, step(who, "typeLoginCode", { ...code, guesses: some(1, 4, 5) }), use),
    command(1, pause, request, administer("disableUser"), use, administer("enableUser")),
    command(1, pause, request, step(who, "typeLoginCode", { ...code, identifier: some(username) })),
    command(1, old),
    command(
      1,
      step(who, "resend", { identifier: some(email, phone) }),
      step(who, "typeLoginCode", { ...code, of: purposes }),
    ),
    command(1, step(who, "typeLoginCode", { ...code, of: purposes })),
    command(2, pause, request, use, rightStep, pause, ...reauthenticate, remove),
    command(1, pause, ...reauthenticate, remove),
    command(1, pause, ...reauthenticate, step(who, "changePassword", { ...newest(), prove: fc.constant(false) })),
    command(1, pause, request, step(who, "reauthenticateByCode", { ...own, of: some("login-code" as const) })),
    command(
      1,
      step(who, "requestReauthenticationCode", token()),
      step(who, "typeLoginCode", { ...code, of: some("reauthentication-code" as const) }),
    ),
    command(1, step(who, "reauthenticateByCode", { ...own, ...token(), guesses: some(1, 5) })),
    command(2, remove, pause, request, use),
    command(1, registerAlone, step(who, "login", { identifier: some(email), ...password }), remove, remove),
    command(
      2,
      registerAlone,
      step(who, "login", { identifier: some(email), ...password }),
      step(who, "addApp", { ...newest(), prove: fc.boolean(), half: fc.boolean() }),
      request,
      use,
    ),
  ];
}

/** Strangers leave things in an account, which its owner then takes by a code. */
function hijack(who: Person): Command[] {
  const register = step(who, "register", {
    email: victim,
    phone: some("", REACHABLE[who].phones[0]),
    username: some(""),
  });
  const signIn = step(who, "login", { identifier: victim, ...password });
  const add = fc.oneof(
    step(who, "addApp", { ...newest(), prove: fc.boolean(), half: fc.boolean() }),
    step(who, "addPasskey", { ...newest(), prove: fc.boolean() }),
    step(who, "verify", { letter: fc.constant(0) }),
  );
  const take = fc.oneof(typeVictims, step("owner", "openLoginLink", link));
  return [
    command(3, register, signIn, add, requestVictims, take),
    command(2, register, signIn, requestVictims, take, signIn),
  ];
}

/** Acts on an account that only codes sign in to. */
export function codeAccountCommands(who: Person): Command[] {
  const { emails, phones, username } = REACHABLE[who];
  const change = {
    address: some(emails[0], emails[1], phones[0], REACHABLE.owner.emails[0]),
    prove: fc.constant(false),
  };
  return [
    command(2, step(who, "refresh", token())),
    command(1, step(who, "logout", { ...token(), scope, by })),
    command(1, step(who, "me", token())),
    command(1, step(who, "patch", { ...newest(), username: some(username, `${username}2`) })),
    command(
      2,
      step(who, "requestChange", { ...newest(), ...change }),
      step(who, "confirmChange", { ...newest(), letter: fc.constant(0) }),
    ),
    command(1, step(who, "removeAddress", { ...newest(), kind: some("email", "phone"), prove: fc.constant(false) })),
    command(2, step(who, "addApp", { ...newest(), prove: fc.constant(false), half: fc.constant(false) })),
    command(1, step(who, "enrollApp", { token: fc.constant(0), half: fc.constant(false) })),
    command(1, step(who, "endSession", { ...newest(), other: fc.nat(3) })),
    command(1, step(who, "deleteAccount", { ...newest(), prove: fc.constant(false) })),
    command(1, step(who, "removeApp", { ...newest(), prove: fc.constant(false) })),
  ];
}

/** A person without the mailbox of the account that they want. */
export function codeStrangerCommands(who: "stranger" | "thief"): Command[] {
  const { emails, phones, username } = REACHABLE[who];
  const others = [...addressesOf("owner").slice(0, 3), REACHABLE.owner.username, ...addressesOf("user").slice(0, 3)];
  const mine = some(emails[0], phones[0], username);
  const requestMine = step(who, "requestLoginCode", { identifier: mine });
  const requestTheirs = step(who, "requestLoginCode", { identifier: some(...others) });
  return [
    command(2, requestMine, step(who, "typeLoginCode", code)),
    command(1, requestMine, step(who, "openLoginLink", link)),
    command(2, requestTheirs),
    command(
      1,
      requestTheirs,
      step(who, "typeLoginCode", { ...code, identifier: some(...others), guesses: some(1, 5) }),
    ),
    command(
      2,
      requestTheirs,
      requestMine,
      step(who, "typeLoginCode", { ...code, ...letter(), identifier: some(...others) }),
    ),
    // The owner opens what a stranger asked for.
    command(
      2,
      step(who, "requestLoginCode", { identifier: victim }),
      fc.oneof(step("owner", "openLoginLink", link), step("owner", "typeLoginCode", code)),
    ),
    // The owner types the right code after the guesses of others.
    command(1, pause, requestVictims, guess(who), typeVictims),
    command(
      1,
      pause,
      requestVictims,
      guess("stranger"),
      pause,
      requestVictims,
      guess("thief"),
      pause,
      requestVictims,
      typeVictims,
    ),
    command(1, step(who, "reauthenticateByCode", { ...own, ...token(), guesses: some(undefined, 1, 5) })),
    command(
      1,
      step(who, "requestReauthenticationCode", token()),
      step(who, "reauthenticateByCode", { ...own, ...token(), of: some(undefined, "login-code" as const) }),
    ),
    ...hijack(who),
  ];
}

/** A thief has copies of tokens, and guesses. */
export const codeThiefCommands: Command[] = [
  ...codeStrangerCommands("thief"),
  command(
    3,
    step("thief", "steal", { from: some("owner" as const), ...token() }),
    step("thief", "requestReauthenticationCode", newest()),
    step("thief", "reauthenticateByCode", { ...own, guesses: some(1, 5) }),
  ),
];

/** A mail of a stranger lures the owner to a link. */
export const lureCommands: Command[] = [
  command(
    2,
    step("stranger", "requestLoginCode", { identifier: some(REACHABLE.stranger.emails[0]) }),
    step("owner", "openLoginLink", { ...link, from: some("stranger" as const) }),
    step("stranger", "openLoginLink", link),
  ),
];
