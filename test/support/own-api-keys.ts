/** A user with an API key, in tests. */
import { KEY_BODY } from "./api-keys.ts";
import { NO_COOLDOWN } from "./outbox.ts";
import { call } from "./rpc.ts";
import { createWorldWithJane } from "./world.ts";

/** The API whose tokens a key can be exchanged for. */
export const RESOURCE = "https://notes.example/api";

/** Jane, signed in, with an API key. */
export async function createWithKey(settings: Partial<Env> = {}, body: object = {}) {
  const { world, jane, login } = await createWorldWithJane({
    ...NO_COOLDOWN,
    OAUTH_RESOURCES: RESOURCE,
    ...settings,
  });
  const { access_token: token } = await login();
  const create = (more: object = {}) =>
    world.call("POST", "/users/me/api-keys", { token, body: { ...KEY_BODY, ...more } });
  const created = await create(body);
  const { key, ...apiKey } = created.json;
  const list = async () => (await world.call("GET", "/users/me/api-keys", { token })).json.api_keys;
  const revoke = (id = apiKey.id) => world.call("DELETE", `/users/me/api-keys/${id}`, { token });
  const exchange = (more: object = {}) => world.post("/auth/api-keys/token", { api_key: key, ...more });
  const verify = (options: object = { apiKeys: true }, text = key) => call(world, "verify", text, options);
  return { world, jane, login, token, create, key: key as string, apiKey, list, revoke, exchange, verify };
}
