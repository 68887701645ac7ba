import { inject } from "vitest";

/**
 * Returns the service that all test files share that need no settings of their own, and its clone.
 * Each file has accounts of its own there. A new code can be requested at once.
 */
export async function sharedService(): Promise<{ address: string; clone: string }> {
  const answer = await fetch(inject("sharedService"));
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { address: string; clone: string };
}
