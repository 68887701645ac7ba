/** Clients and their users: authorization, tokens, devices, and what ends them. */
import fc from "fast-check";
import type { ClientName } from "../clients.ts";
import { type Person, REACHABLE } from "../people.ts";
import type { Step } from "../steps.ts";
import { by, type Command, command, newest, scope, some, step, token } from "./commands.ts";

const yes = fc.constant(true);
const seldom = fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: yes });
/** Mostly nothing, which is the rule. */
const rarely = <const T>(...values: T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some(...values) });
const mostlyFirst = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });
const app = () => ({ app: mostlyFirst, age: mostlyFirst });
const client = some("own", "other", "other", "public", "public");
const anyClient = some("own", "other", "public", "machine");
const as = () => ({ as: rarely("own", "other", "public", "machine"), secret: rarely("old", "wrong") });
const scopes = fc.oneof(fc.constant(undefined), some("few", "all"));
const asking = () => ({ scopes, resource: seldom });
const wait = (...seconds: number[]) => step("service", "wait", { seconds: some(...seconds) });
const first = fc.constant(0);

const authorize = (who: Person) => step(who, "authorize", { ...newest(), ...asking(), client });
const takeCode = (who: Person) =>
  step(who, "exchange", {
    code: first,
    twice: seldom,
  });
const signIn = (who: Person) => step(who, "login", { identifier: some(REACHABLE[who].emails[0]), password: first });
const pollDevice = (who: Person) => step(who, "poll", { device: first, twice: seldom });
const startDevice = (who: Person) => step(who, "startDevice", { ...asking(), client: some("public") });
const answerDevice = (who: Person, of?: Person) =>
  step(who, "answerDevice", {
    ...newest(),
    device: first,
    of: fc.constant(of),
    deny: seldom,
  });
const anyToken = some("access", "refresh");

/** Acts that end sessions or codes of clients between two of their steps. */
const endings = (who: Person): fc.Arbitrary<Step>[] => [
  step(who, "changePassword", { ...newest(), prove: yes }),
  step(who, "logout", { ...newest(), scope, by }),
  step(who, "endSession", { ...newest(), other: fc.nat(5) }),
  step(who, "revokeGrant", { ...newest(), client }),
  step(who, "revokeGrant", { ...newest(), client }),
  step(who, "revokeApp", { ...app(), by: anyToken }),
  step(who, "leaveApp", { ...app(), session: first, stay: seldom }),
  step("administrator", "deleteClient", { client }),
  step("administrator", "changeScopes", { client, narrow: fc.boolean() }),
  step("administrator", "administer", {
    identifier: some(REACHABLE[who].emails[0]),
    what: some("endSessions", "disableUser", "enableUser"),
  }),
  wait(4, 6, 61, 910),
];

/** A user of clients. */
export const clientUserCommands = (who: Person): Command[] => {
  const [email, newEmail] = REACHABLE[who].emails;
  const ending = fc.oneof(...endings(who));
  const exchange = step(who, "exchange", {
    ...as(),
    code: mostlyFirst,
    of: rarely("owner", "user"),
    wrong: seldom,
    twice: seldom,
  });
  const refresh = step(who, "refreshApp", { ...app(), ...as(), twice: seldom, scopes: rarely("few", "all") });
  const inspect = step(who, "introspect", { ...app(), ...as(), by: anyToken });
  const use = fc.oneof(inspect, step(who, "userinfo", app()), refresh);
  const at = step(who, "atService", {
    ...app(),
    what: some("me", "sessions", "patch", "password", "endSessions", "refresh", "refresh", "logout", "logout"),
  });
  /** By another client than that of the tokens, or for more than it may have. */
  const crossed = { as: some("own", "other", "other", "public", "machine"), by: anyToken };
  const cross = fc.oneof(
    step(who, "introspect", crossed),
    step(who, "introspect", crossed),
    step(who, "revokeApp", crossed),
    step(who, "refreshApp", { as: crossed.as }),
    step(who, "refreshApp", { scopes: some("all") }),
  );
  const renew = step(who, "refreshApp", { twice: seldom });
  return [
    command(6, signIn(who), authorize(who), takeCode(who), fc.oneof(use, at)),
    command(4, authorize(who), takeCode(who), ending, use),
    command(5, authorize(who), takeCode(who), cross, cross),
    command(4, authorize(who), ending, signIn(who), takeCode(who)),
    command(2, authorize(who), exchange),
    command(2, authorize(who), wait(59, 60), takeCode(who)),
    command(
      3,
      authorize(who),
      fc.oneof(step(who, "exchange", { wrong: yes }), step(who, "exchange", { as: client })),
      takeCode(who),
    ),
    command(4, authorize(who), takeCode(who), wait(1, 4, 5, 6, 61), exchange, use),
    command(5, authorize(who), takeCode(who), renew, wait(1, 31), step(who, "refreshApp", { age: some(0, 1, 1) }), use),
    command(
      2,
      step(who, "authorize", {
        ...token(),
        ...asking(),
        client: anyClient,
        deny: seldom,
        half: seldom,
        quiet: fc.boolean(),
      }),
    ),
    command(
      2,
      step(who, "authorize", { ...newest(), ...asking(), client, half: yes }),
      ending,
      step(who, "answerConsent", { ...token(), deny: seldom }),
      takeCode(who),
    ),
    command(1, step(who, "authorize", { ...asking(), client, inApp: yes })),
    command(2, step(who, "authorize", { ...asking(), client, deny: yes })),
    command(2, exchange),
    command(5, refresh),
    command(3, refresh, wait(1, 20, 31, 61), step(who, "refreshApp", { ...app(), age: some(0, 1, 2) })),
    command(3, inspect),
    command(2, step(who, "revokeApp", { ...app(), ...as(), by: anyToken })),
    command(2, step(who, "userinfo", app())),
    command(3, at),
    command(2, step(who, "leaveApp", { ...app(), session: fc.nat(1), stay: seldom })),
    command(2, signIn(who), step(who, "leaveApp", { of: some("owner", "user") })),
    command(
      2,
      authorize(who),
      takeCode(who),
      fc.oneof(step(who, "revokeApp", { by: anyToken }), step(who, "revokeGrant", { client })),
      step(who, "leaveApp", {}),
    ),
    command(3, signIn(who), startDevice(who), answerDevice(who), pollDevice(who)),
    command(3, signIn(who), startDevice(who), pollDevice(who), answerDevice(who), ending, pollDevice(who)),
    command(2, signIn(who), startDevice(who), answerDevice(who), answerDevice(who), pollDevice(who)),
    command(1, startDevice(who), wait(599, 600), answerDevice(who), pollDevice(who)),
    command(1, startDevice(who), answerDevice("owner", who), pollDevice(who)),
    command(
      1,
      step(who, "startDevice", { ...asking(), ...as(), client: anyClient }),
      step(who, "answerDevice", {
        ...token(),
        device: first,
        of: rarely("owner"),
        deny: seldom,
        inApp: seldom,
      }),
      step(who, "poll", { ...as(), device: mostlyFirst, twice: seldom, asCode: seldom }),
    ),
    command(2, step(who, "poll", { ...as(), device: mostlyFirst, twice: seldom, asCode: seldom })),
    command(2, ending),
    command(4, signIn(who)),
    command(1, wait(31), step(who, "forgot", { identifier: some(email) }), step(who, "resetByLink", {}), signIn(who)),
    command(
      1,
      step(who, "requestChange", { ...newest(), address: some(email, newEmail), prove: yes }),
      step(who, "confirmChange", newest()),
    ),
    command(
      1,
      step(who, "deleteAccount", { ...newest(), prove: yes }),
      step(who, "register", { email: some(email) }),
      step(who, "verify", {}),
      signIn(who),
    ),
    command(2, step(who, "refresh", token())),
  ];
};

/** A thief has copies of the tokens of browsers and of clients. */
export const clientThiefCommands: Command[] = [
  ...clientUserCommands("thief"),
  command(4, step("thief", "stealFromApp", { ...app(), from: some("owner" as const) })),
  command(
    3,
    step("thief", "stealFromApp", { ...app(), from: some("owner" as const) }),
    step("thief", "refreshApp", { ...app() }),
    wait(1, 31),
    step("owner", "refreshApp", { ...app() }),
  ),
  command(
    3,
    step("thief", "steal", { ...newest(), from: some("owner" as const) }),
    authorize("thief"),
    takeCode("thief"),
  ),
];

const register = (name: ClientName) => step("administrator", "registerClient", { client: some(name) });

/** Administrators, and what nobody does by hand. */
export const clientServiceCommands: Command[] = [
  command(4, ...(["own", "other", "public", "machine"] as const).map(register)),
  command(1, step("administrator", "deleteClient", { client: anyClient })),
  command(2, step("administrator", "rotateSecret", { client: anyClient })),
  command(
    2,
    step("administrator", "rotateSecret", { client: some("machine") }),
    wait(86_300, 86_400),
    step("owner", "getMachineToken", { client: some("machine"), secret: some("old") }),
  ),
  command(2, step("administrator", "changeScopes", { client: anyClient, narrow: fc.boolean() })),
  command(1, step("owner", "fillSessions", { ...newest(), client })),
  command(1, step("owner", "startDevice", { ...asking(), client: some("public"), times: some(52) })),
  command(
    3,
    step("owner", "getMachineToken", { ...as(), client: some("machine"), scopes: rarely("all") }),
    step("owner", "atService", { app: first, age: first, what: some("me", "sessions", "patch", "endSessions") }),
  ),
  command(1, step("owner", "getMachineToken", { ...as(), client: anyClient, scopes: rarely("all") })),
];
