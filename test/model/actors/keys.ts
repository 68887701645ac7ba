/** API keys: their owners and holders, what ends them, and services that get them. */
import fc from "fast-check";
import { type Person, REACHABLE } from "../people.ts";
import type { Single, Step } from "../steps.ts";
import { type Command, command, newest, scope, some, step, token } from "./commands.ts";

const yes = fc.constant(true);
const first = fc.constant(0);
const seldom = fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: yes });
const rarely = <const T>(...values: T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some(...values) });
const mostlyFirst = fc.oneof({ weight: 4, arbitrary: first }, { weight: 1, arbitrary: fc.nat(3) });
const ofClients = some("machine", "machine", "robot");
const anyClient = some("own", "other", "public", "machine", "robot");
const wait = (...seconds: number[]) => step("service", "wait", { seconds: some(...seconds) });
const schedule = step("service", "schedule", {});

const wanted = () => ({ scopes: some("few", "all"), expires: some(0, 60, 3600) });
const create = (who: Person) =>
  step(who, "createKey", {
    ...newest(),
    ...wanted(),
    prove: fc.oneof({ weight: 3, arbitrary: yes }, { weight: 1, arbitrary: fc.constant(false) }),
    twice: seldom,
  });
const createWithPassword = (who: Person) => step(who, "createKey", { ...newest(), ...wanted(), prove: yes });
const createForClient = (who: Person) => step(who, "createClientKey", { ...wanted(), client: ofClients });

const as = () => ({ as: rarely("other", "public", "machine", "robot"), secret: rarely("old", "wrong") });
const useBy = (who: Person, by: "binding" | "exchange" | "introspection") =>
  step(who, "useKey", { key: mostlyFirst, ...as(), by: some(by), unasked: seldom, resource: seldom, strict: seldom });
const use = (who: Person) => fc.oneof(useBy(who, "binding"), useBy(who, "exchange"), useBy(who, "introspection"));
const useNewest = (who: Person) =>
  step(who, "useKey", { key: first, by: some("binding", "exchange", "introspection"), strict: seldom });
const exchange = (who: Person) => step(who, "useKey", { key: mostlyFirst, by: some("exchange") });
const exchangeNewest = (who: Person) => step(who, "useKey", { key: first, by: some("exchange") });
const tier = some("local", "revocation", "revocation", "authoritative", "introspection");
const useToken = (who: Person) =>
  step(who, "useKeyToken", {
    token: mostlyFirst,
    ...as(),
    by: tier,
    unasked: seldom,
    elsewhere: seldom,
    strict: seldom,
  });
const useNewestToken = (who: Person) => step(who, "useKeyToken", { token: first, by: tier });
const atService = (who: Person) =>
  step(who, "keyAtService", {
    key: mostlyFirst,
    asToken: fc.boolean(),
    what: some(
      "me",
      "keys",
      "create",
      "revoke",
      "patch",
      "password",
      "delete",
      "refresh",
      "logout",
      "userinfo",
      "page",
    ),
  });
const revoke = (who: Person) => step(who, "revokeKey", { ...newest(), key: mostlyFirst, twice: seldom });
const revokeNewest = (who: Person) => step(who, "revokeKey", { ...newest(), key: first });
const login = (who: Person) => step(who, "login", { identifier: some(REACHABLE[who].emails[0]), password: first });
/** The second step is left out without a second factor. */
const signIn = (who: Person) => [login(who), wait(31), step(who, "secondStep", { by: some("app") })] as const;

const voidPassword = (who: Person) =>
  step("administrator", "administer", { identifier: some(REACHABLE[who].emails[0]), what: some("voidPassword") });
/** By a client that is not the operator's. */
const byOther = { as: some("other", "robot"), by: some("introspection") };
const useByOther = (who: Person) => step(who, "useKey", byOther);
const useTokenByOther = (who: Person) => step(who, "useKeyToken", byOther);

/** Two acts at once. */
const race = (one: fc.Arbitrary<Step>, other: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.tuple(one, other).map((both) => ({ both: both as [Single, Single] }));

/** A revocation whose write to the denylist is lost. */
const revokeUnheard = (who: Person): fc.Arbitrary<Step> =>
  revokeNewest(who).map((revocation) => ({
    fault: { binding: "DENYLIST", call: 1, afterEffect: false },
    step: revocation as Single,
  }));

/** Acts after which keys or their tokens work no longer, or go on. */
const endings = (who: Person): fc.Arbitrary<Step>[] => {
  const identifier = some(REACHABLE[who].emails[0]);
  return [
    revokeNewest(who),
    revokeNewest(who),
    step("administrator", "revokeAnyKey", { key: first, of: some(who) }),
    voidPassword(who),
    step("administrator", "administer", { identifier, what: some("disableUser") }),
    step("administrator", "administer", { identifier, what: some("deleteUser", "enableUser", "endSessions") }),
    step(who, "deleteAccount", { ...newest(), prove: yes }),
    step(who, "resetByLink", {}),
    step(who, "changePassword", { ...newest(), prove: yes }),
    step(who, "logout", { ...newest(), scope, by: some("access", "refresh") }),
  ];
};
const expiry = wait(59, 60, 899, 900, 3600);
const clientEndings: fc.Arbitrary<Step>[] = [
  step("administrator", "deleteClient", { client: ofClients }),
  step("administrator", "changeGrants", { client: ofClients, lose: yes }),
  step("administrator", "changeScopes", { client: ofClients, narrow: fc.boolean() }),
];

/** A person who has keys, and services that get them. */
export const keyUserCommands = (who: Person): Command[] => {
  const [email] = REACHABLE[who].emails;
  const [victim] = REACHABLE.owner.emails;
  const end = fc.oneof(...endings(who));
  const ending = fc.oneof({ weight: 8, arbitrary: end }, { weight: 1, arbitrary: expiry });
  const clientEnding = fc.oneof(...clientEndings);
  return [
    command(3, ...signIn(who), create(who), use(who)),
    command(5, create(who), exchangeNewest(who), ending, useNewest(who), useNewestToken(who)),
    command(4, ...signIn(who), create(who), exchangeNewest(who), ending, schedule, useNewestToken(who)),
    command(3, exchange(who), revokeNewest(who), useNewestToken(who)),
    command(
      2,
      ...signIn(who),
      create(who),
      exchangeNewest(who),
      revokeUnheard(who),
      wait(61),
      schedule,
      step(who, "useKeyToken", { token: first, by: some("revocation") }),
    ),
    command(3, ...signIn(who), race(create(who), end), use(who)),
    command(3, ...signIn(who), create(who), race(exchangeNewest(who), end), useNewest(who), useNewestToken(who)),
    command(1, ...signIn(who), create(who), race(revokeNewest(who), end), useNewest(who)),
    command(2, ...signIn(who), exchange(who), ending, wait(61), schedule, useToken(who)),
    command(4, use(who)),
    command(3, useToken(who)),
    command(3, exchange(who), atService(who)),
    command(2, atService(who)),
    command(2, step(who, "listKeys", { ...token(), key: mostlyFirst, asAdministrator: fc.boolean() })),
    command(2, revoke(who)),
    command(1, step(who, "revokeKey", { ...newest(), key: mostlyFirst, of: rarely("owner", "user", "stranger") })),
    command(2, step(who, "revokeKey", { ...newest(), key: first, of: some("owner", "user") })),
    command(2, create(who)),
    command(2, wait(310), step(who, "createKey", { ...newest(), ...wanted(), prove: fc.boolean() })),
    command(2, createForClient(who), use(who)),
    command(4, createForClient(who), exchangeNewest(who), clientEnding, useNewest(who), useNewestToken(who)),
    command(2, ...signIn(who), step(who, "fillKeys", newest()), create(who), create(who)),
    command(1, ...signIn(who), step(who, "fillKeys", newest()), race(create(who), create(who))),
    command(2, ...signIn(who), wait(310), createWithPassword(who)),
    // The password alone is not enough then.
    command(2, ...signIn(who), step(who, "addApp", { ...newest(), prove: yes }), wait(310), createWithPassword(who)),
    command(2, ...signIn(who), race(create(who), voidPassword(who))),
    command(3, create(who), exchangeNewest(who), fc.oneof(useByOther(who), useTokenByOther(who))),
    command(1, step(who, "fillKeys", { client: some("machine") }), createForClient(who), createForClient(who)),
    command(2, ending),
    command(3, ...signIn(who)),
    command(
      2,
      wait(31),
      step(who, "forgot", { identifier: some(email) }),
      step(who, "resetByLink", {}),
      use(who),
      ...signIn(who),
    ),
    command(
      1,
      step(who, "register", { email: some(email, victim) }),
      step(who, "login", { identifier: some(victim), password: first }),
      create(who),
    ),
    command(1, step(who, "register", { email: some(email) }), step(who, "verify", {}), ...signIn(who)),
    command(1, step(who, "requestLoginCode", { identifier: some(email) }), step(who, "typeLoginCode", {}), use(who)),
    command(1, step(who, "addApp", { ...newest(), prove: yes }), create(who)),
  ];
};

/** A thief has copies of keys, and of the tokens of browsers. */
export const keyThiefCommands: Command[] = [
  ...keyUserCommands("thief"),
  command(4, step("thief", "stealKeys", { from: some("owner" as const) }), use("thief")),
  command(
    3,
    exchange("owner"),
    step("thief", "stealKeys", { from: some("owner" as const) }),
    fc.oneof(...endings("owner")),
    fc.oneof(use("thief"), useToken("thief")),
  ),
  command(3, step("thief", "steal", { ...newest(), from: some("owner" as const) }), wait(310), create("thief")),
  command(1, step("thief", "steal", { ...newest(), from: some("owner" as const) }), revoke("thief")),
];

/** Administrators, and time. */
export const keyServiceCommands: Command[] = [
  command(
    3,
    ...(["own", "machine", "robot"] as const).map((name) =>
      step("administrator", "registerClient", { client: some(name) }),
    ),
  ),
  command(1, step("administrator", "deleteClient", { client: anyClient })),
  command(2, step("administrator", "changeScopes", { client: anyClient, narrow: fc.boolean() })),
  command(2, step("administrator", "changeGrants", { client: ofClients, lose: fc.boolean() })),
  command(1, step("administrator", "rotateSecret", { client: anyClient })),
  command(1, step("administrator", "revokeAnyKey", { key: mostlyFirst, of: some("owner", "user", "thief") })),
  command(1, wait(2_592_000, 2_592_060, 2_595_600), schedule),
];
