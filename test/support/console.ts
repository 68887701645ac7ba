import type { AdminEnv } from "../../workers/admin/src/env.ts";
import adminWorker from "../../workers/admin/src/index.ts";
import { NO_COOLDOWN } from "./outbox.ts";
import { administer, call } from "./rpc.ts";
import { createVisitor, OWN } from "./visitor.ts";
import { createWorldWithJane, PASSWORD, type World } from "./world.ts";

/** An entrypoint of this world as a service binding. */
const bindingTo = <Service extends object>(world: World, callMethod: typeof administer): Service =>
  new Proxy({} as Service, {
    get:
      (_, method: string) =>
      (...args: unknown[]) =>
        callMethod(world, method, ...args),
  });

/** The Worker for administration as the binding `ADMIN_WORKER` of this world. */
export function bindAdminWorker(world: World) {
  const bindings: AdminEnv["Bindings"] = { ADMIN: bindingTo(world, administer), AUTH: bindingTo(world, call) };
  const fetch = async (request: Request) => adminWorker.fetch(request, bindings);
  Object.assign(world.env, { ADMIN_WORKER: { fetch } });
}

export const REASON = { reason: "Asked by phone" };

/** Jane, and the administrator Ada in a browser. */
export async function createConsole(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  bindAdminWorker(world);
  const registered = await world.post("/auth/register", {
    email: "ada@example.com",
    username: "ada.l",
    password: PASSWORD,
  });
  const ada = registered.json;
  world.sent.length = 0;
  await administer(world, "setRoles", ada.id, ["admin"]);
  const visitor = createVisitor(world);
  await visitor.signIn("ada.l");
  /** Sends the form of an act, by default with a reason. */
  const act = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = OWN) =>
    visitor.post(`${path}${path.includes("?") ? "&" : "?"}user=${ada.id}`, { ...REASON, ...fields }, headers);
  return { world, jane, login, ada, visitor, act, page: `/admin/users/${jane.id}` };
}
