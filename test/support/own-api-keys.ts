/** A user with an API key, in tests. */
import { KEY_BODY, RESOURCE } from "./api-keys.ts";
import { NO_COOLDOWN } from "./outbox.ts";
import { call } from "./rpc.ts";
import { createWorldWithJane } from "./world.ts";

/** Jane, signed in, with an API key. */
export async function createWithKey(settings: Partial<Env> = {}, body: object = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const { access_token: token } = await login();
  const create = (more: object = {}) =>
    world.call("POST", "/users/me/api-keys", { token, body: { ...KEY_BODY, ...more } });
  const created = await create(body);
  const { key, ...apiKey } = created.json;
  const list = async () => (await world.call("GET", "/users/me/api-keys", { token })).json.api_keys;
  const revoke = (id = apiKey.id) => world.call("DELETE", `/users/me/api-keys/${id}`, { token });
  const exchange = (more: object = {}) =>
    world.post("/auth/api-keys/token", { api_key: key, resource: RESOURCE, ...more });
  /** A token is for the API, and the key itself for none. */
  const verify = (options: object = { apiKeys: true }, text = key) =>
    call(world, "verify", text, { ...(text !== key && { audience: RESOURCE }), ...options });
  return { world, jane, login, token, create, key: key as string, apiKey, list, revoke, exchange, verify };
}
