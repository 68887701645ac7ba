/**
 * The people of the model and the addresses that each of them controls. Everyone knows every
 * address and username. Only the person who controls an address reads what is sent to it.
 */

export const PEOPLE = ["owner", "user", "stranger", "thief"] as const;
export type Person = (typeof PEOPLE)[number];

/** The performer of a step. The service itself runs its queue and its schedule, and time passes. */
export type Actor = Person | "administrator" | "service";

interface Reachable {
  emails: [string, string];
  phones: [string, string];
  username: string;
}

export const REACHABLE: Record<Person, Reachable> = {
  owner: {
    emails: ["owner@example.com", "owner.new@example.com"],
    phones: ["+12025550101", "+12025550111"],
    username: "olive",
  },
  user: {
    emails: ["user@example.com", "user.new@example.com"],
    phones: ["+12025550102", "+12025550112"],
    username: "ursula",
  },
  stranger: {
    emails: ["stranger@example.com", "stranger.new@example.com"],
    phones: ["+12025550103", "+12025550113"],
    username: "stanley",
  },
  thief: {
    emails: ["thief@example.com", "thief.new@example.com"],
    phones: ["+12025550104", "+12025550114"],
    username: "theo",
  },
};

export const addressesOf = (person: Person): string[] => [...REACHABLE[person].emails, ...REACHABLE[person].phones];

export const controllerOf = (address: string): Person | undefined =>
  PEOPLE.find((person) => addressesOf(person).includes(address));

/** Every person has a network and a browser of their own. */
export const senderOf = (actor: Actor): Record<string, string> => {
  const n = PEOPLE.indexOf(actor as Person) + 1;
  return { "cf-connecting-ip": `198.51.${n}.7`, "user-agent": `Mozilla/5.0 (${actor})` };
};
