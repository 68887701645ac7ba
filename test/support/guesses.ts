import type { Answer, createWorld } from "./world.ts";

export const WRONG = "wrong-horse-7";
export const KNOWN = { email: "jane.doe@example.com", phone: "+15555550123", username: "janedoe" };

/** A login, by default with the wrong password. */
export const login = (world: ReturnType<typeof createWorld>, identifier = "janedoe", password = WRONG) =>
  world.post("/auth/login", { identifier, password });

export async function times<T>(n: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < n; i++) results.push(await act());
  return results;
}

export const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
/** What a client learns of a block. */
export const told = ({ status, headers, json }: Answer) => [status, json?.code, headers.get("retry-after")];
