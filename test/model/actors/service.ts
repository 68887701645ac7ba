/** Time, the schedule, the queue, and an administrator now and then. */
import { REACHABLE } from "../people.ts";
import { type Command, command, some, step } from "./commands.ts";

const identifier = some(REACHABLE.owner.emails[0], REACHABLE.user.emails[0]);

const removeFactors = step("administrator", "removeFactors", { identifier });
const schedule = step("service", "schedule", {});

export const serviceCommands: Command[] = [
  command(3, step("service", "wait", { seconds: some(1, 20, 31, 61, 310) })),
  command(4, step("service", "wait", { seconds: some(910, 1000, 1810, 3700, 90_000) })),
  command(1, step("service", "wait", { seconds: some(200_000, 700_000) }), step("service", "schedule", {})),
  command(1, step("service", "schedule", {})),
  command(1, step("service", "deliver", {})),
  command(1, step("administrator", "administer", { identifier, what: some("sendResetLink", "endSessions") })),
  command(2, step("administrator", "setRoles", { identifier, isStaff: some(true, true, false) })),
  command(3, removeFactors),
  command(1, step("administrator", "removeFactors", { identifier, cancel: some(true) })),
  command(2, removeFactors, step("service", "wait", { seconds: some(1, 3500, 3600, 3700) }), schedule),
  command(1, removeFactors, step("service", "wait", { seconds: some(3600) }), schedule),
  command(1, step("service", "wearOut", { identifier })),
  command(
    1,
    step("administrator", "administer", { identifier, what: some("disableUser") }),
    step("administrator", "administer", { identifier, what: some("enableUser") }),
  ),
];
