/** At the end of a scenario the owner needs the account, and strangers go on. */
import { perform } from "./acts/acts.ts";
import type { Violation } from "./invariants.ts";
import { provers } from "./model.ts";
import { REACHABLE } from "./people.ts";
import type { Play } from "./play.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { Single } from "./steps.ts";

const HOURS_A_DAY = 24;
const [EMAIL] = REACHABLE.owner.emails;

/**
 * The owner tries every hour of a day: to recover an account with the proven mailbox, or else to
 * get one for the address.
 */
export async function rescueOwner(play: Play, isSiege: boolean): Promise<Violation[]> {
  const { accounts } = await takeSnapshot();
  const account = [...accounts.values()].find(({ email }) => email === EMAIL);
  if (account?.disabled) return [];
  const hasProven = account?.proven.includes(EMAIL) ?? false;
  // An account that two people have a way into is reported as such.
  if (hasProven && account && provers(account).some((person) => person !== "owner")) return [];

  for (let hour = 0; hour < HOURS_A_DAY; hour++) {
    if (isSiege) await besiege(play);
    if (hasProven ? await recover(play) : await obtain(play)) return [];
    play.wait(3600);
  }
  return hasProven
    ? [{ invariant: "owner-gets-back-in", detail: "the owner of a proven mailbox did not get back in within a day" }]
    : [{ invariant: "address-is-free-for-its-owner", detail: "the owner of a mailbox got no account for it" }];
}

async function statusOf(play: Play, step: Single): Promise<number | undefined> {
  play.step++;
  play.before = await takeSnapshot();
  const outcome = await perform(play, step);
  await play.deliver();
  return outcome?.answers.at(-1)?.status;
}

const succeeds = async (play: Play, step: Single) => ((await statusOf(play, step)) ?? 500) < 300;

/** Signs in with the password, and with any second factor that the owner holds. */
const signIn = async (play: Play) =>
  finish(play, await statusOf(play, { who: "owner", act: "login", identifier: EMAIL }));

async function finish(play: Play, status: number | undefined): Promise<boolean> {
  if (status !== 403) return status === 200;
  if (await succeeds(play, { who: "owner", act: "enrollApp" })) return true;
  for (const by of ["app", "passkey", "code"] as const) {
    if (await succeeds(play, { who: "owner", act: "secondStep", by })) return true;
  }
  return false;
}

/** By a mailed link, which strangers cannot lock. It creates the account where there is none. */
async function signInByLink(play: Play): Promise<boolean> {
  const letters = play.letters.length;
  await succeeds(play, { who: "owner", act: "requestLoginCode", identifier: EMAIL });
  return play.letters.length > letters && finish(play, await statusOf(play, { who: "owner", act: "openLoginLink" }));
}

async function recover(play: Play): Promise<boolean> {
  if (play.codesOnly) return signInByLink(play);
  const letters = play.letters.length;
  await succeeds(play, { who: "owner", act: "forgot", identifier: EMAIL });
  if (play.letters.length === letters) return false;
  return (await succeeds(play, { who: "owner", act: "resetByLink" })) && signIn(play);
}

/** Registers; or recovers the account that has the address; or has the address released. */
async function obtain(play: Play): Promise<boolean> {
  if (play.codesOnly) return signInByLink(play);
  const register: Single = { who: "owner", act: "register", email: EMAIL };
  if (await succeeds(play, register)) return signIn(play);
  if (await recover(play)) return true;
  return (await succeeds(play, { who: "owner", act: "release" })) && (await succeeds(play, register)) && signIn(play);
}

/** An hour of a stranger who uses up what can be used up. */
async function besiege(play: Play) {
  for (let round = 0; round < 4; round++) {
    const acts: Single[] = [
      { who: "stranger", act: "requestCode", identifier: EMAIL },
      { who: "stranger", act: "login", identifier: EMAIL, wrong: true },
      { who: "stranger", act: "resetByCode", guess: EMAIL },
    ];
    const byCode: Single[] = [
      { who: "stranger", act: "requestLoginCode", identifier: EMAIL },
      { who: "stranger", act: "typeLoginCode", identifier: EMAIL, guesses: 1 },
    ];
    for (const act of play.codesOnly ? byCode : acts) await perform(play, act);
    await play.deliver();
    play.wait(40);
  }
}
