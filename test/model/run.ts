import { env } from "cloudflare:workers";
import { outbox } from "../support/outbox.ts";
import { perform } from "./acts/acts.ts";
import { brokenBounds } from "./bounds.ts";
import type { Invariant } from "./invariant-names.ts";
import { type Transition, type Violation, violationsOf } from "./invariants.ts";
import { createPlay, type Outcome, type Play } from "./play.ts";
import { rescueOwner } from "./rescue.ts";
import { laterThan, takeSnapshot } from "./snapshot.ts";
import { describeStep, type Scenario, type Step } from "./steps.ts";

const START = Date.UTC(2026, 0, 1);

/** The outcome of a scenario. */
export interface Run {
  violation: Violation | undefined;
  /** The steps up to the violation whose actors had what they needed. */
  steps: Step[];
  /** Those steps with the statuses of their answers, one line each. */
  told: string[];
}

/** Plays a scenario until one of these invariants does not hold. */
export async function run(scenario: Scenario, invariants: readonly Invariant[]): Promise<Run> {
  await clearStage();
  const play = createPlay(START, scenario);
  return play.upstreams.during(() => takeAll(play, scenario, invariants));
}

async function takeAll(play: Play, scenario: Scenario, invariants: readonly Invariant[]): Promise<Run> {
  const done: Step[] = [];
  const told: string[] = [];
  const isWanted = ({ invariant }: Violation) => invariants.includes(invariant);
  for (const step of scenario.steps) {
    const taken = await take(play, step, scenario.slowQueue ?? false);
    if (!taken) continue;
    const statuses = taken.outcomes.flatMap(({ answers }) => answers.map(({ status }) => status));
    done.push(step);
    told.push([describeStep(step), ...statuses.map((status) => `→ ${status}`)].join(" "));
    const violation = violationsOf(taken).find(isWanted);
    if (violation) return { violation, steps: done, told };
  }
  const bounds = (await brokenBounds()).map((detail): Violation => ({ invariant: "rows-are-bounded", detail }));
  if (bounds.some(isWanted) || !(scenario.rescue || scenario.siege))
    return { violation: bounds.find(isWanted), steps: done, told };
  const violations = await rescueOwner(play, scenario.siege ?? false);
  return { violation: violations.find(isWanted), steps: done, told };
}

/** Takes one step. Returns undefined if nobody could do anything. */
async function take(play: Play, step: Step, isSlow: boolean): Promise<Transition | undefined> {
  play.step++;
  const { before } = play;
  const outcomes = await outcomesOf(play, step);
  if (outcomes.length === 0) return undefined;
  if (!isSlow && !(await play.deliver())) outcomes.push({ answers: [], broken: "a message was not accepted" });

  const after = "act" in step && step.act === "wait" ? laterThan(before) : await takeSnapshot();
  const claims = new Map(play.model.claims);
  play.model.updateClaims(step, before, after);
  play.model.holdings.countUses(step, outcomes, before, after);
  play.model.codes.update(step, outcomes, before);
  play.model.removals.update(step, outcomes, after);
  play.keys.update(step, outcomes, before, after, play.step);
  play.ways.update(before, after);
  play.before = after;
  return { play, step, outcomes, before, after, claims };
}

async function outcomesOf(play: Play, step: Step): Promise<Outcome[]> {
  const isDone = (outcome: Outcome | undefined) => outcome !== undefined;
  if ("both" in step) return (await Promise.all(step.both.map((act) => perform(play, act)))).filter(isDone);
  const outcome =
    "fault" in step ? await play.during(step.fault, () => perform(play, step.step)) : await perform(play, step);
  return [outcome].filter(isDone);
}

/** Empties the database and the mailboxes. Ids of sessions are never used twice, so KV may stay. */
async function clearStage() {
  const { results } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not glob '_cf*' and name not glob 'sqlite*' and name <> 'd1_migrations'",
  ).all<{ name: string }>();
  await Promise.all([env.DB.batch(results.map(({ name }) => env.DB.prepare(`delete from ${name}`))), outbox.clear()]);
}
