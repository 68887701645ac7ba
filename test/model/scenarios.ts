import fc from "fast-check";
import {
  codeAccountCommands,
  codeOwnerCommands,
  codeStrangerCommands,
  codeThiefCommands,
  lureCommands,
} from "./actors/codes.ts";
import type { Command } from "./actors/commands.ts";
import { ownerCommands } from "./actors/owner.ts";
import { serviceCommands } from "./actors/service.ts";
import { strangerCommands } from "./actors/stranger.ts";
import { thiefCommands } from "./actors/thief.ts";
import { REACHABLE } from "./people.ts";
import type { Fault, Scenario, Single, Step } from "./steps.ts";

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
];

const OWNER = [...ownerCommands("owner"), ...codeOwnerCommands("owner")];
const STRANGER = [...strangerCommands, ...codeStrangerCommands("stranger"), ...lureCommands];
const THIEF = [...thiefCommands, ...codeThiefCommands];
/** The people who take part besides the owner. */
const CASTS: Command[][] = [
  STRANGER,
  STRANGER,
  THIEF,
  THIEF,
  [...STRANGER, ...THIEF],
  [...STRANGER, ...ownerCommands("user"), ...codeOwnerCommands("user")],
];

/** Where codes sign up there is no other way in, and no registration. */
const CODES_ONLY: Scene = {
  codesOnly: true,
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
  ],
};

/** How a scenario begins, and the commands it goes on with. */
interface Scene {
  codesOnly: boolean;
  start: Step[];
  acting: Command[];
}

/** Half of the commands of a cast, so that those meet more often ("swarm testing"). */
const someOf = (commands: Command[]) =>
  fc.subarray(commands, { minLength: Math.ceil(commands.length / 2), maxLength: commands.length });

const fault: fc.Arbitrary<Fault> = fc.record({
  binding: fc.constantFrom("DB", "DB", "DENYLIST", "MESSAGES"),
  call: fc.integer({ min: 1, max: 4 }),
  afterEffect: fc.boolean(),
});

const isSingle = (step: Step): step is Single => "act" in step;
const mayShare = (step: Step) =>
  isSingle(step) && step.who !== "service" && step.act !== "steal" && step.act !== "copySecret";

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

const scenes: fc.Arbitrary<Scene> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      codesOnly: fc.constant(false),
      start: fc.constantFrom(...STARTS),
      acting: fc.constantFrom(...CASTS).map((cast) => [...OWNER, ...cast]),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      codesOnly: fc.constant(true),
      start: fc.constantFrom([], CODES_ONLY.start),
      acting: fc.constant(CODES_ONLY.acting),
    }),
  },
);

/** A scenario begins with one of the starts and goes on with commands of a few people. */
export const scenarios: fc.Arbitrary<Scenario> = scenes
  .chain((scene) => fc.tuple(fc.constant(scene), someOf(scene.acting), someOf(serviceCommands)))
  .chain(([scene, acting, service]) => {
    const commands = fc.oneof(...acting, ...service);
    return fc.tuple(fc.constant(scene), fc.array(commands, { minLength: 25, maxLength: 40, size: "max" }));
  })
  .chain(([{ start, codesOnly }, rest]) =>
    fc.record({
      codesOnly: fc.constant(codesOnly),
      slowQueue: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      policy: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      rescue: fc.constantFrom(true, false, false, false),
      siege: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      steps: disturbed([...start, ...rest.flat()]),
    }),
  );

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 });
  if (!scenario) throw new Error("no scenario");
  return scenario;
}
