import { appCode } from "./authenticator.ts";
import { people } from "./people.ts";
import { createVisitor } from "./visitor.ts";
import { stopClock } from "./world.ts";

/** The page of the second step. */
export const SECOND = "/sign-in/second-factor";

/** Returns the tag of a field on a page. */
export const fieldOn = ({ text }: { text: string }, id = "code") =>
  new RegExp(`<input id="${id}"[^>]*>`).exec(text)?.[0];

/** Moves the clock by minutes: the code of the app is another one then. */
export const later = (minutes: number) => stopClock(Date.now() + minutes * 60_000);

/** A visitor after the first step of a sign-in to an account with an app. */
export async function halfSignedIn() {
  const { world, jane, app } = await people.jane.withApp();
  const visitor = createVisitor(world);
  const first = await visitor.signIn();
  return { world, jane, app, visitor, first };
}

/** A visitor who is signed in to an account with an app. */
export async function signedInWithApp() {
  const { visitor, ...rest } = await halfSignedIn();
  await visitor.post(SECOND, { code: appCode(rest.app.secret, 1) });
  return { visitor, ...rest };
}
