import { WRONG_PASSWORD } from "./passwords.ts";
import type { Answer, createWorld } from "./world.ts";

/** A login, by default with the wrong password. */
export const login = (world: ReturnType<typeof createWorld>, identifier = "janedoe", password = WRONG_PASSWORD) =>
  world.post("/auth/login", { identifier, password });

export const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
/** What a client learns of a block. */
export const told = ({ status, headers, json }: Answer) => [status, json?.code, headers.get("retry-after")];
