import { expect } from "vitest";
import { NO_COOLDOWN, outbox } from "./outbox.ts";
import { PASSWORD } from "./passwords.ts";
import { createWorldWithJane, type World } from "./world.ts";

/**
 * Every way to set a password, for Jane with a link and a code. Each returns the status, and the
 * errors or the code of the problem.
 */
export async function ways(overrides: Partial<Env> = {}) {
  const { world, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...overrides });
  const token = (await login()).access_token;
  await world.post("/auth/forgot-password", { identifier: "janedoe" });
  await world.post("/auth/request-reset", { identifier: "janedoe" });
  await world.flush();
  const [first, second] = await outbox.exactly(2);
  const [link, code] = first.token ? [first, second] : [second, first];
  await outbox.clear();

  const identifiers = { email: "john.doe@example.com", phone: "+12025550188", username: "johndoe8" };
  const setIn = (world: World) => {
    const call = async (path: string, body: object) => {
      const { status, json } = await world.call("POST", path, { token, body });
      return [status, json?.errors ?? json?.code];
    };
    return {
      register: (password: string) => call("/auth/register", { ...identifiers, password }),
      change: (new_password: string) => call("/users/me/password", { old_password: PASSWORD, new_password }),
      link: (new_password: string) => call("/auth/reset-password", { token: link.token, new_password }),
      code: (new_password: string) =>
        call("/auth/verify-reset", { identifier: "janedoe", otp: code.code, new_password }),
    };
  };
  return {
    world,
    set: setIn(world),
    /** The same acts in a world with other settings. */
    setIn,
    byPage: (new_password: string) =>
      world.form("/reset-password", { token: link.token, new_password, confirm_password: new_password }),
  };
}

export const COMMON = [
  {
    path: expect.stringContaining("password"),
    code: "common_password",
    message: "Must not be one of the most common passwords.",
  },
];
