import { WRONG_PASSWORD } from "./passwords.ts";
import { logIn } from "./people.ts";
import type { Answer, World } from "./world.ts";

/** A login with a wrong password. */
export const guess = (world: World, identifier = "janedoe") => logIn(world, identifier, WRONG_PASSWORD);

export const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
/** The parts of an answer that show a lockout. */
export const told = ({ status, headers, json }: Answer) => [status, json?.code, headers.get("retry-after")];
