import { appCode, postTo } from "./authenticator.ts";
import { NO_COOLDOWN } from "./outbox.ts";
import { created } from "./passkeys.ts";
import { logIn } from "./people.ts";
import { createPasskey } from "./security-key.ts";
import { createWorldWithJane, type World } from "./world.ts";

export const REQUIRED = { MFA_POLICY: "required" };
export const ENROLL = "/auth/login/enroll";

/** Jane without a second factor, in a world that requires one. */
export async function mustEnroll(settings: Partial<Env> = REQUIRED) {
  const { world, jane } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const post = postTo(world);
  const token = async (): Promise<string> => (await logIn(world)).json.login_token;
  return { world, jane, post, token };
}

/** The two ways to enroll: the path and body of the request that confirms. */
export const FACTORS = {
  async totp(world: World, login_token: string) {
    const { secret } = (await world.post(`${ENROLL}/totp`, { login_token })).json;
    return { path: `${ENROLL}/totp/confirm`, body: { login_token, code: appCode(secret) }, status: 200, secret };
  },
  async passkey(world: World, login_token: string) {
    const { json } = await world.post(`${ENROLL}/passkey/options`, { login_token });
    const credential = created(await createPasskey(), json);
    return { path: `${ENROLL}/passkey`, body: { login_token, credential }, status: 201, secret: "" };
  },
};
export const KINDS = ["totp", "passkey"] as const;
