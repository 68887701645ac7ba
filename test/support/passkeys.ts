import type { PreparedJane } from "./route.ts";
import { type AssertionDeviation, authenticate, createPasskey, type Passkey, register } from "./security-key.ts";
import type { World } from "./world.ts";

/** The origin of the service. A test of another server sets it. */
export const SITE = { origin: "https://auth.test" };

/** What the browser adds to a challenge, on a page of the service. */
const onSite = (challenge: string) => ({
  rpId: new URL(SITE.origin).hostname,
  clientData: { challenge, origin: SITE.origin },
});

interface Options {
  challenge: string;
  rpId?: string;
}

/** Answers the options of a new passkey, as a browser on a page of the service does. */
export const created = (passkey: Passkey, { challenge }: Options, deviation: Parameters<typeof register>[1] = {}) =>
  register(passkey, { ...onSite(challenge), ...deviation });

/** Answers the options of a sign-in. */
export const asserted = (
  passkey: Passkey,
  { challenge }: Options,
  userHandle: string | null,
  deviation: AssertionDeviation = {},
) => authenticate(passkey, { ...onSite(challenge), userHandle, ...deviation });

export interface EnrolledPasskey {
  passkey: Passkey;
  user_handle: string;
  recovery_codes?: string[];
  access_token: string;
  refresh_token: string;
}

type Post = PreparedJane["post"];

/** Adds a passkey in this session. */
export async function addPasskey(post: Post, token: string, passkey?: Passkey): Promise<EnrolledPasskey> {
  const key = passkey ?? (await createPasskey());
  const options = await post("/users/me/passkeys/options", {}, token);
  const added = await post("/users/me/passkeys", { credential: created(key, options) }, token);
  if (!added.access_token) throw new Error(`the passkey was not added: ${JSON.stringify(added)}`);
  return { ...added, passkey: key, user_handle: options.user.id };
}

/** The registration of an account that signs in with a passkey. */
export async function passkeySignUp(
  world: Pick<World, "post">,
  identifiers: object,
  { passkey, ...deviation }: { passkey?: Passkey } & Parameters<typeof register>[1] = {},
) {
  const key = passkey ?? (await createPasskey());
  const options = (await world.post("/auth/register/options", identifiers)).json;
  const body = { ...identifiers, credential: created(key, options, deviation) };
  return { options, body, own: { passkey: key, user_handle: options.user.id as string } };
}

/** Answers fresh options to sign in. */
export const signInWith = async (
  post: Post,
  { passkey, user_handle }: Pick<EnrolledPasskey, "passkey" | "user_handle">,
  deviation = {},
) => asserted(passkey, await post("/auth/passkeys/options", {}), user_handle, deviation);
