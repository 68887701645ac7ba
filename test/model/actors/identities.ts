/** People who sign in at identity providers, and those who try it on the accounts of others. */
import fc from "fast-check";
import { type Person, REACHABLE } from "../people.ts";
import type { AddressClaim, Provider } from "../upstreams.ts";
import { type Command, command, newest, some, step, token } from "./commands.ts";

const yes = fc.constant(true);
const none = fc.constant(undefined);
const provider = some<Provider>("acme", "acme", "other");
const claims = some<AddressClaim | undefined>(undefined, undefined, undefined, "new", "unverified", "victims", "none");
const wait = (...seconds: number[]) => step("service", "wait", { seconds: some(...seconds) });
const pause = wait(31);
const victim = some(REACHABLE.owner.emails[0]);
const password = { password: fc.constant(0), wrong: fc.constant(false) };
const seldom = some(false, false, false, true);

const start = (who: Person) => step(who, "startAtProvider", { provider });
/** From the newest start of the person, as themselves. */
const own = { n: fc.constant(0), account: some(0, 0, 0, 1), twice: seldom, signedIn: seldom };
const back = (who: Person, wanted = claims) => step(who, "comeBack", { ...own, claims: wanted });
const verified = (who: Person) => step(who, "comeBack", { ...own, account: fc.constant(0), claims: none });
const proving = { ...newest(), prove: fc.boolean() };
const link = (who: Person) => [step(who, "startLink", { ...proving, provider, half: fc.constant(false) }), back(who)];
/** By a session that is too old for it, after five minutes. */
const stale = { ...newest(), prove: fc.constant(false), provider, half: fc.constant(false) };
const unlink = (who: Person) => step(who, "unlink", { ...proving, n: fc.nat(2) });

/** A person with accounts at both providers. */
export function identityOwnerCommands(who: Person): Command[] {
  const { emails, phones } = REACHABLE[who];
  const [email] = emails;
  const signIn = step(who, "login", { identifier: some(email), ...password });
  const confirm = step(who, "confirmLink", proving);
  const rightStep = step(who, "secondStep", { by: some("app", "passkey", "code") });
  const enroll = fc.oneof(step(who, "enrollApp", {}), step(who, "enrollPasskey", {}));
  const addFactor = fc.oneof(
    step(who, "addApp", { ...newest(), prove: fc.boolean(), half: fc.constant(false) }),
    step(who, "addPasskey", { ...newest(), prove: fc.boolean() }),
  );
  const administer = (what: "disableUser" | "enableUser") =>
    step("administrator", "administer", { identifier: some(email), what: some(what) });
  const reset = [
    pause,
    step(who, "forgot", { identifier: some(email) }),
    step(who, "resetByLink", { letter: fc.constant(0) }),
  ];
  const remove = fc.oneof(
    unlink(who),
    step(who, "removePassword", proving),
    step(who, "removePasskey", { ...proving, n: fc.constant(0) }),
    step(who, "removeAddress", { ...newest(), kind: some("email", "phone"), prove: fc.boolean() }),
  );
  return [
    command(4, start(who), back(who)),
    command(3, start(who), verified(who)),
    command(3, start(who), verified(who), start(who), back(who)),
    command(2, start(who), back(who), back(who)),
    command(1, start(who), start(who), back(who), step(who, "comeBack", { ...own, n: fc.constant(1), claims })),
    command(1, start(who), wait(599, 601), back(who)),
    command(1, start(who), step(who, "comeBack", { ...own, claims, at: provider })),
    command(3, start(who), back(who), pause, rightStep),
    command(2, start(who), verified(who), addFactor, pause, start(who), verified(who), rightStep),
    command(2, start(who), back(who), enroll),
    command(4, ...link(who), start(who), back(who)),
    command(2, ...link(who)),
    command(1, signIn, ...link(who), back(who)),
    command(3, wait(310), step(who, "startLink", stale), back(who)),
    command(1, wait(310), ...link(who)),
    command(1, step(who, "startLink", { ...token(), prove: fc.boolean(), provider, half: seldom }), back(who)),
    command(1, step(who, "followLink", token()), back(who)),
    command(
      2,
      step(who, "startLink", { ...proving, provider, half: fc.boolean() }),
      fc.oneof(signIn, addFactor, step(who, "changePassword", proving), wait(601), unlink(who)),
      fc.oneof(step(who, "followLink", newest()), back(who)),
      back(who),
    ),
    command(3, unlink(who)),
    command(2, start(who), verified(who), remove, remove, start(who), verified(who)),
    command(1, start(who), back(who), step(who, "unlink", { ...token(), n: fc.nat(2), prove: fc.boolean() })),
    command(1, start(who), verified(who), wait(310), unlink(who), step(who, "reauthenticate", newest()), unlink(who)),
    // Step-up: the browser that has the session signs in again.
    command(2, wait(310), start(who), step(who, "comeBack", { ...own, claims, signedIn: yes }), remove),
    // The address at the provider is that of an account here.
    command(2, step(who, "register", { email: some(email), phone: some("", phones[0]), username: some("") })),
    command(3, start(who), verified(who), signIn, confirm, start(who), verified(who)),
    command(2, start(who), verified(who), pause, ...reset, signIn, confirm, pause, ...reset),
    command(
      2,
      signIn,
      start(who),
      verified(who),
      wait(310),
      step(who, "confirmLink", { ...newest(), prove: fc.constant(false) }),
    ),
    command(1, confirm),
    command(3, ...reset, signIn),
    command(1, start(who), administer("disableUser"), back(who), administer("enableUser"), back(who)),
    command(1, administer("disableUser"), start(who), back(who), administer("enableUser")),
    command(1, start(who), verified(who), step(who, "deleteAccount", proving), start(who), back(who)),
    command(
      1,
      start(who),
      back(who),
      step(who, "requestChange", { ...newest(), address: some(emails[0], emails[1], phones[0]), prove: fc.boolean() }),
      step(who, "confirmChange", { ...newest(), letter: fc.constant(0) }),
    ),
  ];
}

/** A person who wants the account of the owner. */
export function identityStrangerCommands(who: "stranger" | "thief"): Command[] {
  const register = step(who, "register", {
    email: victim,
    phone: some("", REACHABLE[who].phones[0]),
    username: some(""),
  });
  const signIn = step(who, "login", { identifier: victim, ...password });
  const recover = fc.oneof(
    step("owner", "resetByLink", { letter: fc.constant(0) }),
    step("owner", "typeLoginCode", { letter: fc.constant(0) }),
    step("owner", "openLoginLink", { letter: fc.constant(0) }),
  );
  const request = [
    pause,
    step("owner", "forgot", { identifier: victim }),
    step("owner", "requestLoginCode", { identifier: victim }),
  ];
  /** Callbacks that no browser should accept, in the browser of the stranger or of the owner. */
  const crossed = (actor: Person, from: Person | undefined, by: Person | undefined, injected = false) =>
    step(actor, "comeBack", {
      n: fc.constant(0),
      account: fc.constant(0),
      claims,
      from: some(from),
      by: some(by),
      injected: some(injected),
    });
  return [
    command(3, start(who), back(who)),
    command(2, start(who), step(who, "comeBack", { ...own, claims: some<AddressClaim>("victims", "unverified") })),
    command(1, start(who), step(who, "comeBack", { ...own, claims, at: provider })),
    // Registers the address of the owner, and leaves an identity behind.
    command(3, register, signIn, ...link(who), ...request, recover, start(who), back(who)),
    command(2, register, signIn, ...link(who), start("owner"), verified("owner"), ...request, recover),
    // The owner recovers that account, links the identity that was proven before, and resets again.
    command(
      2,
      register,
      start("owner"),
      verified("owner"),
      ...request,
      recover,
      step("owner", "resetByLink", { letter: fc.constant(0) }),
      step("owner", "login", { identifier: victim, ...password }),
      step("owner", "confirmLink", { ...newest(), prove: yes }),
      ...request,
      step("owner", "resetByLink", { letter: fc.constant(0) }),
    ),
    // The same by an identity first.
    command(
      2,
      start(who),
      step(who, "comeBack", { ...own, claims: some<AddressClaim>("victims", "none") }),
      step(who, "requestChange", { ...newest(), address: victim, prove: fc.boolean() }),
      ...request,
      recover,
    ),
    command(2, start(who), start("owner"), crossed("owner", who, who)),
    command(1, start(who), start("owner"), crossed("owner", who, undefined)),
    command(2, start("owner"), start(who), crossed(who, "owner", "owner")),
    command(1, start("owner"), start(who), crossed(who, "owner", undefined)),
    command(
      2,
      step("owner", "startAtProvider", { provider: some<Provider>("other") }),
      start(who),
      crossed("owner", undefined, who, true),
    ),
    command(2, start("owner"), start(who), crossed(who, undefined, "owner", true)),
    command(
      2,
      step(who, "startLink", { ...proving, provider, half: fc.boolean() }),
      step("owner", "followLink", { ...newest(), from: some<Person>(who) }),
      back("owner"),
    ),
    command(
      2,
      step("owner", "startLink", { ...proving, provider, half: fc.boolean() }),
      step(who, "followLink", { ...token(), from: some<Person>("owner") }),
      back(who),
    ),
    command(1, ...link(who)),
    command(1, unlink(who)),
    command(1, step(who, "confirmLink", proving)),
  ];
}

/** A thief has copies of tokens and passwords. */
export const identityThiefCommands: Command[] = [
  ...identityStrangerCommands("thief"),
  command(
    3,
    step("thief", "steal", { from: some("owner" as const), ...token() }),
    wait(1, 310, 310),
    fc.oneof(
      step("thief", "startLink", stale),
      step("thief", "startLink", stale),
      step("thief", "unlink", { ...newest(), n: fc.nat(1), prove: fc.constant(false) }),
    ),
    back("thief"),
  ),
  command(
    1,
    step("thief", "steal", { from: some("owner" as const), ...token() }),
    start("thief"),
    step("thief", "comeBack", { ...own, claims, signedIn: yes }),
    step("thief", "confirmLink", proving),
  ),
];
