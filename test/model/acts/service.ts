/** Acts other than the requests of people: theft, administration, time, the queue. */
import { administer as callAdministrator } from "../../support/rpc.ts";
import { type Act, accountOf, sessionsOf } from "./entry.ts";

const steal: Act<"steal"> = async (play, { from, ...which }) => {
  const held = play.pick(from, which);
  if (!held) return undefined;
  play.model.held.thief.unshift({ ...held, isCopy: true, step: play.step });
  return { answers: [] };
};

const copySecret: Act<"copySecret"> = async (play, { from, what }) => {
  if (what === "password") return play.model.copyPassword(from) ? { answers: [] } : undefined;
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
    ...(!isAccepted && !play.isFailing() && result.code === "internal" && { broken: `${what}: ${result.code}` }),
  };
};

const schedule: Act<"schedule"> = async (play) => {
  try {
    await play.world.schedule();
    return { answers: [] };
  } catch (error) {
    return play.isFailing() ? { answers: [] } : { answers: [], broken: `the schedule failed: ${error}` };
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
  schedule,
  deliver,
  wait: (async (play, { seconds }) => {
    play.wait(seconds);
    return { answers: [] };
  }) satisfies Act<"wait">,
};
