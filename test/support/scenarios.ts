import { postTo } from "./authenticator.ts";
import { browserOf } from "./login-code-routes.ts";
import { authorizeForScenario, startDevice } from "./oauth.ts";
import { NO_COOLDOWN, outbox } from "./outbox.ts";
import { PAGE_ROUTES } from "./page-routes.ts";
import type { PreparedJane, Session } from "./route.ts";
import { routeOf } from "./routes.ts";
import { insertIdentity, verifyPhones } from "./rows.ts";
import { administer } from "./rpc.ts";
import { createWorld, createWorldWithJane, sidOf, type World } from "./world.ts";

/** A request of a route that succeeds. */
export interface Scenario {
  /** The status of the answer. */
  status: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Record<string, unknown>;
  form?: Record<string, string>;
  /** The values that the preparation replaced in the body or form, such as a code that was sent. */
  fields: Record<string, unknown>;
}

/** Sets up a world in which the request of this route succeeds. */
export async function prepare(name: string): Promise<{ world: World; scenario: Scenario }> {
  const { world, jane, login } = await createWorldWithJane(NO_COOLDOWN);
  const [own, other] = [await login(), await login()];
  const requested: PreparedJane["requested"] = async (path, body) => {
    const { headers } = await world.call("POST", path, { token: own.access_token, body });
    await world.flush();
    return { ...(await outbox.last()), browser: browserOf(headers) };
  };

  const { status, body, form, settings, prepare: prepareRoute } = routeOf(name);
  const post = postTo(settings ? createWorld({ ...NO_COOLDOWN, ...settings }) : world);
  const askRemoval = () => administer(world, "removeFactors", jane.id);
  const linkIdentity = () => insertIdentity(jane.id);
  const prepared = {
    askRemoval,
    linkIdentity,
    authorizeClient: () => authorizeForScenario(world, own, jane.id),
    startDevice: () => startDevice(world),
    own,
    other,
    otherId: sidOf(other.access_token),
    verifyPhones,
    requested,
    post,
  };
  const preparation = (await prepareRoute?.(prepared)) ?? {};
  const { path: preparedPath, token = own.access_token, fields = {}, cookies = {} } = preparation;
  const [method = "", template = ""] = name.split(" ");
  const scenario: Scenario = {
    status,
    method,
    path: preparedPath ?? template,
    fields,
    headers:
      name in PAGE_ROUTES
        ? browserHeaders(own, cookies)
        : { authorization: `Bearer ${token}`, ...(preparation.cookies && { cookie: cookieHeader(cookies) }) },
    ...(body && { body: { ...body, ...fields } }),
    ...(form && { form: { ...form, ...(fields as Record<string, string>) } }),
  };
  // The form of a signed-in user names the user to whom it was shown.
  if (form && /^\/(account|device)/.test(template)) scenario.path += `?user=${jane.id}`;
  return { world, scenario };
}

export function perform(world: World, { method, path, headers: own, body, form }: Scenario) {
  const headers = { "cf-connecting-ip": anotherAddress(), ...own };
  if (form) return world.send(path, { method, headers, body: new URLSearchParams(form), redirect: "manual" });
  return world.call(method, path, { headers, ...(body && { body }) });
}

let addresses = 0;

/** The rate limiters are real: from one address a fast run would exhaust them. */
const anotherAddress = () => `198.18.${addresses >> 8}.${addresses++ & 255}`;

/** The headers of a browser that is signed in and shows a page of the service. */
const browserHeaders = ({ access_token, refresh_token }: Session, cookies: Record<string, string>) => ({
  cookie: cookieHeader({ access_token, refresh_token, ...cookies }),
  "sec-fetch-site": "same-origin",
});

const cookieHeader = (cookies: Record<string, string>) =>
  Object.entries(cookies)
    .map(([name, value]) => `__Host-${name}=${encodeURIComponent(value)}`)
    .join("; ");
