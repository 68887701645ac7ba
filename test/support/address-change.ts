import { NO_COOLDOWN } from "./outbox.ts";
import { PASSWORD } from "./passwords.ts";
import { createWorldWithJane } from "./world.ts";

export const OLD = { email: "jane.doe@example.com", phone: "+15555550123" };
export const NEW = { email: "new@example.com", phone: "+15555550144" };

/** Jane, logged in twice, who may ask for another address. */
export async function jane(overrides: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...overrides });
  const [own, other] = [await login(), await login()];
  const call = (method: string, path: string, body?: object, token = own.access_token) =>
    world.call(method, path, { token, body });
  const ask = async (kind: "email" | "phone", address: string, token?: string) => {
    const answer = await call("POST", `/users/me/${kind}`, { [kind]: address, password: PASSWORD }, token);
    await world.flush();
    return answer;
  };
  const confirm = (kind: "email" | "phone", otp: string, token?: string) =>
    call("POST", `/users/me/${kind}/confirm`, { otp }, token);
  const me = async () => (await world.me(own.access_token)).json;
  return { world, jane, login, own, other, call, ask, confirm, me };
}
