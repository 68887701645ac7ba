/** Acts other than the requests of people: theft, administration, time, the queue. */
import { env } from "cloudflare:workers";
import { administer as callAdministrator } from "../../support/rpc.ts";
import { STAFF } from "../play.ts";
import { type LiveSession, MAX_WRONG_FACTORS } from "../snapshot.ts";
import { type Act, accountOf, sessionsOf } from "./entry.ts";

const steal: Act<"steal"> = async (play, { from, ...which }) => {
  const held = play.pick(from, which);
  if (!held) return undefined;
  play.model.held.thief.unshift({ ...held, isCopy: true, step: play.step });
  return { answers: [] };
};

const copySecret: Act<"copySecret"> = async (play, { from, what }) => {
  if (what === "password") return play.model.copyPassword(from) ? { answers: [] } : undefined;
  if (what === "device") {
    const token = play.deviceOf(from);
    if (token !== undefined) play.keepDevice("thief", token);
    return token === undefined ? undefined : { answers: [] };
  }
  const code = play.model.holdings.codes.find(({ people, isUsed }) => people.includes(from) && !isUsed);
  code?.people.push("thief");
  return code && { answers: [] };
};

const administer: Act<"administer"> = async (play, { identifier, what }) => {
  const account = accountOf(play, identifier);
  if (!account) return undefined;
  const result = await callAdministrator(play.world, what, account.id);
  const isAccepted = result.ok || ["storage_unavailable", "messages_unavailable"].includes(result.code);
  return {
    answers: [],
    mayEnd: sessionsOf(account),
    ...(what === "voidPassword" && { key: { isAccepted: result.ok, voids: account.id } }),
    ...(!isAccepted && !play.isFailing() && result.code === "internal" && { broken: `${what}: ${result.code}` }),
  };
};

const setRoles: Act<"setRoles"> = async (play, { identifier, isStaff = false }) => {
  const account = accountOf(play, identifier);
  if (!account) return undefined;
  await callAdministrator(play.world, "setRoles", account.id, isStaff ? [STAFF] : []);
  return { answers: [] };
};

const removeFactors: Act<"removeFactors"> = async (play, { identifier, cancel = false }) => {
  const account = accountOf(play, identifier);
  if (!account) return undefined;
  const { ok } = await callAdministrator(play.world, cancel ? "cancelFactorRemoval" : "removeFactors", account.id);
  return { answers: [], ...(ok && { removal: { userId: account.id, isAsked: !cancel } }) };
};

/** A hundred wrong codes would take a day. */
const wearOut: Act<"wearOut"> = async (play, { identifier }) => {
  const account = accountOf(play, identifier);
  if (!account || account.wrongFactors >= MAX_WRONG_FACTORS - 1) return undefined;
  const values = [`${account.id}/second-factor`, MAX_WRONG_FACTORS - 1, Date.now(), Date.now()];
  await env.DB.prepare(
    `insert into lockouts (subject, failures, first_failed_at, last_failed_at, locked_until) values (?1, ?2, ?3, ?4, 0)
     on conflict do update set failures = ?2, locked_until = 0`,
  )
    .bind(...values)
    .run();
  return { answers: [] };
};

const schedule: Act<"schedule"> = async (play) => {
  const removes = play.model.removals.due();
  const removal = { removes, mayEnd: ({ userId }: LiveSession) => removes.has(userId) };
  try {
    await play.world.schedule();
    return { answers: [], ...removal };
  } catch (error) {
    return { answers: [], ...removal, ...(!play.isFailing() && { broken: `the schedule failed: ${error}` }) };
  }
};

const deliver: Act<"deliver"> = async (play) => {
  const isDelivered = await play.deliver();
  return isDelivered || play.isFailing() ? { answers: [] } : { answers: [], broken: "a message was not accepted" };
};

export const SERVICE_ACTS = {
  steal,
  copySecret,
  administer,
  setRoles,
  removeFactors,
  wearOut,
  schedule,
  deliver,
  wait: (async (play, { seconds }) => {
    play.wait(seconds);
    return { answers: [] };
  }) satisfies Act<"wait">,
};
