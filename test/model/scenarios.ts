import fc from "fast-check";
import {
  codeAccountCommands,
  codeOwnerCommands,
  codeStrangerCommands,
  codeThiefCommands,
  lureCommands,
} from "./actors/codes.ts";
import type { Command } from "./actors/commands.ts";
import { identityOwnerCommands, identityStrangerCommands, identityThiefCommands } from "./actors/identities.ts";
import { ownerCommands } from "./actors/owner.ts";
import { serviceCommands } from "./actors/service.ts";
import { strangerCommands } from "./actors/stranger.ts";
import { thiefCommands } from "./actors/thief.ts";
import { CLIENT_CASTS, CLIENT_STARTS } from "./client-scenes.ts";
import { KEY_CASTS, KEY_STARTS } from "./key-scenes.ts";
import { REACHABLE } from "./people.ts";
import type { ActName, Fault, Scenario, Single, Step } from "./steps.ts";

const { owner } = REACHABLE;
const [email] = owner.emails;

/** An owner who uses the service already. */
const SETTLED: Step[] = [
  { who: "owner", act: "register", email, username: owner.username },
  { who: "owner", act: "verify" },
  { who: "owner", act: "login", identifier: email },
  { who: "owner", act: "login", identifier: owner.username },
];
const SECURED: Step[][] = [
  [...SETTLED.slice(0, 3), { who: "owner", act: "addApp", prove: true }],
  [...SETTLED, { who: "owner", act: "addPasskey", prove: true }, { who: "owner", act: "addApp", prove: false }],
];
/** Under the policy: enrolled, on the way to it, and with a trusted browser. */
const signIn: Step = { who: "owner", act: "login", identifier: email };
const STAFFED: Step[] = [
  ...SETTLED.slice(0, 2),
  { who: "administrator", act: "setRoles", identifier: email, isStaff: true },
  signIn,
];
const POLICED: Step[][] = [
  STAFFED,
  [...STAFFED, { who: "owner", act: "enrollApp" }],
  [...STAFFED, { who: "owner", act: "enrollPasskey" }, signIn],
];
const TRUSTING: Step[] = [
  ...(SECURED[0] ?? []),
  signIn,
  { who: "service", act: "wait", seconds: 31 },
  { who: "owner", act: "secondStep", by: "app", trust: true },
];
/** An owner with an identity at both providers, with a second factor, and without a password. */
const AT_ACME: Step[] = [
  { who: "owner", act: "startAtProvider", provider: "acme" },
  { who: "owner", act: "comeBack" },
];
const LINKED: Step[][] = [
  [...SETTLED.slice(0, 3), { who: "owner", act: "startLink", provider: "acme", prove: true }, ...AT_ACME.slice(1)],
  [...AT_ACME, { who: "owner", act: "startLink", provider: "other", prove: false }, ...AT_ACME.slice(1)],
  [...AT_ACME, { who: "owner", act: "addApp", prove: false }],
  AT_ACME,
];
/** Some of the scenarios begin before anyone has an account. */
const STARTS: Step[][] = [
  [],
  [],
  [],
  [],
  SETTLED.slice(0, 3),
  SETTLED,
  ...SECURED,
  ...SECURED,
  ...POLICED,
  TRUSTING,
  TRUSTING,
  ...LINKED,
];

const OWNER = [...ownerCommands("owner"), ...codeOwnerCommands("owner"), ...identityOwnerCommands("owner")];
const STRANGER = [
  ...strangerCommands,
  ...codeStrangerCommands("stranger"),
  ...lureCommands,
  ...identityStrangerCommands("stranger"),
];
const THIEF = [...thiefCommands, ...codeThiefCommands, ...identityThiefCommands];
/** The people who take part besides the owner. */
const CASTS: Command[][] = [
  STRANGER,
  STRANGER,
  THIEF,
  THIEF,
  [...STRANGER, ...THIEF],
  [...STRANGER, ...ownerCommands("user"), ...codeOwnerCommands("user"), ...identityOwnerCommands("user")],
];

/** Where codes sign up there is no other way in, and no registration. */
const CODES_ONLY: Scene = {
  codesOnly: true,
  providersOnly: false,
  start: [
    { who: "owner", act: "requestLoginCode", identifier: email },
    { who: "owner", act: "typeLoginCode" },
  ],
  acting: [
    ...codeAccountCommands("owner"),
    ...codeOwnerCommands("owner"),
    ...codeAccountCommands("stranger"),
    ...codeStrangerCommands("stranger"),
    ...lureCommands,
    ...codeThiefCommands,
    ...identityOwnerCommands("owner"),
    ...identityStrangerCommands("stranger"),
  ],
};

/** Where providers sign up there is no other way in but passkeys, and no registration. */
const PROVIDERS_ONLY: Scene = {
  codesOnly: false,
  providersOnly: true,
  start: AT_ACME,
  acting: [
    ...identityOwnerCommands("owner"),
    ...codeAccountCommands("owner"),
    ...identityStrangerCommands("stranger"),
    ...codeAccountCommands("stranger"),
    ...identityThiefCommands,
  ],
};

/** Identities alone, so that their acts meet more often. */
const AT_PROVIDERS: Command[][] = [
  [...identityOwnerCommands("owner"), ...identityStrangerCommands("stranger")],
  [...identityOwnerCommands("owner"), ...identityThiefCommands],
  [...identityOwnerCommands("owner"), ...identityOwnerCommands("user"), ...identityStrangerCommands("stranger")],
];

/** How a scenario begins, and the commands it goes on with. */
interface Scene {
  codesOnly: boolean;
  providersOnly: boolean;
  start: Step[];
  acting: Command[];
}

/** Some commands have many steps: more and shorter scenarios find more. */
const MAX_STEPS = 70;

/** Half of the commands of a cast, so that those meet more often ("swarm testing"). */
const someOf = (commands: Command[]) =>
  fc.subarray(commands, { minLength: Math.ceil(commands.length / 2), maxLength: commands.length });

const fault: fc.Arbitrary<Fault> = fc.record({
  binding: fc.constantFrom("DB", "DB", "DB", "DENYLIST", "MESSAGES", "UPSTREAM"),
  call: fc.integer({ min: 1, max: 4 }),
  afterEffect: fc.boolean(),
});

const isSingle = (step: Step): step is Single => "act" in step;
/** They happen outside of the service, or the order of two decides what the model has to know. */
const ALONE: ActName[] = [
  "steal",
  "copySecret",
  "stealFromApp",
  "registerClient",
  "rotateSecret",
  "changeScopes",
  "fillSessions",
  "fillKeys",
  "stealKeys",
  "changeGrants",
];
const mayShare = (step: Step) => isSingle(step) && step.who !== "service" && !ALONE.includes(step.act);

/** Now and then a binding fails during a step, or two neighbors happen at once. */
const disturbed = (steps: Step[]) =>
  fc.tuple(fc.infiniteStream(fc.nat(99)), fc.infiniteStream(fault)).map(([dice, faults]) => {
    const result: Step[] = [];
    for (const step of steps) {
      const last = result.at(-1);
      const roll = dice.next().value;
      if (roll < 4 && isSingle(step) && step.act !== "wait") result.push({ fault: faults.next().value, step });
      else if (roll < 10 && last && isSingle(last) && isSingle(step) && mayShare(last) && mayShare(step)) {
        result.splice(-1, 1, { both: [last, step] });
      } else result.push(step);
    }
    return result;
  });

/** A scene with any of the ways in, and any start with any cast. */
const sceneOf = (starts: Step[][], casts: Command[][]): fc.Arbitrary<Scene> =>
  fc.record({
    codesOnly: fc.constant(false),
    providersOnly: fc.constant(false),
    start: fc.constantFrom(...starts),
    acting: fc.constantFrom(...casts),
  });

const withOwner = CASTS.map((cast) => [...OWNER, ...cast]);
const scenes: fc.Arbitrary<Scene> = fc.oneof(
  { weight: 6, arbitrary: sceneOf(STARTS, withOwner) },
  { weight: 3, arbitrary: sceneOf([[], SETTLED, ...LINKED], AT_PROVIDERS) },
  { weight: 4, arbitrary: sceneOf(CLIENT_STARTS, CLIENT_CASTS) },
  { weight: 4, arbitrary: sceneOf(KEY_STARTS, KEY_CASTS) },
  {
    weight: 1,
    arbitrary: fc.constantFrom([], PROVIDERS_ONLY.start).map((start) => ({ ...PROVIDERS_ONLY, start })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom([], CODES_ONLY.start).map((start) => ({ ...CODES_ONLY, start })),
  },
);

/** A scenario begins with one of the starts and goes on with commands of a few people. */
export const scenarios: fc.Arbitrary<Scenario> = scenes
  .chain((scene) => fc.tuple(fc.constant(scene), someOf(scene.acting), someOf(serviceCommands)))
  .chain(([scene, acting, service]) => {
    const commands = fc.oneof(...acting, ...service);
    return fc.tuple(fc.constant(scene), fc.array(commands, { minLength: 25, maxLength: 40, size: "max" }));
  })
  .chain(([{ start, codesOnly, providersOnly }, rest]) =>
    fc.record({
      codesOnly: fc.constant(codesOnly),
      providersOnly: fc.constant(providersOnly),
      slowQueue: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      policy: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      // Where there is only the provider, the owner gets in by nothing else.
      rescue: providersOnly ? fc.constant(false) : fc.constantFrom(true, false, false, false),
      siege: providersOnly
        ? fc.constant(false)
        : fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      steps: disturbed([...start, ...rest.flat().slice(0, MAX_STEPS)]),
    }),
  );

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 });
  if (!scenario) throw new Error("no scenario");
  return scenario;
}
