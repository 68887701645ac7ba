import { inbox, PROVIDERS } from "./outbox.ts";
import { type createWorld, createWorldWithJane, PASSWORD, sidOf } from "./world.ts";

type World = ReturnType<typeof createWorld>;

/** One request of a route that succeeds, once what it needs is there. */
export interface Scenario {
  method: string;
  path: string;
  status: number;
  token?: string;
  body?: Record<string, unknown>;
  form?: Record<string, string>;
}

export const SCENARIO_SETTINGS = { ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "0" };
const NEW_PASSWORD = "brand-new-horse-8";
const OWN = { email: "jane.doe@example.com", phone: "+15555550123" };
const NEW = { email: "new@example.com", phone: "+15555550144" };

/** Jane with two sessions; `sent` has something sent and answers what arrived. */
async function prepared() {
  const { world, login } = await createWorldWithJane(SCENARIO_SETTINGS);
  const [own, other] = [await login(), await login()];
  const sent = async (path: string, body: object) => {
    await world.call("POST", path, { token: own.access_token, body });
    await world.flush();
    return (await inbox()).at(-1)!;
  };
  return { world, own, other, sent };
}
type Prepared = Awaited<ReturnType<typeof prepared>>;

const simple =
  (method: string, path: string, status: number, body?: Record<string, unknown>) =>
  async ({ own }: Prepared): Promise<Scenario> => ({
    method,
    path,
    status,
    token: own.access_token,
    ...(body && { body }),
  });

const change = (kind: "email" | "phone") => async (they: Prepared) => {
  const { code } = await they.sent(`/users/me/${kind}`, { [kind]: NEW[kind], password: PASSWORD });
  return simple("POST", `/users/me/${kind}/confirm`, 204, { otp: code })(they);
};

const link = async ({ sent }: Prepared) => (await sent("/auth/forgot-password", { identifier: "janedoe" })).token;

const BUILDERS: Record<string, (they: Prepared) => Promise<Scenario>> = {
  "POST /auth/register": simple("POST", "/auth/register", 201, { email: "john@example.com", password: PASSWORD }),
  "POST /auth/login": simple("POST", "/auth/login", 200, { identifier: "janedoe", password: PASSWORD }),
  "POST /auth/refresh": async ({ other }) => ({
    method: "POST",
    path: "/auth/refresh",
    status: 200,
    body: { refresh_token: other.refresh_token },
  }),
  "POST /auth/logout": async ({ other }) => ({
    method: "POST",
    path: "/auth/logout",
    status: 204,
    body: { refresh_token: other.refresh_token },
  }),
  "POST /auth/forgot-password": simple("POST", "/auth/forgot-password", 202, { identifier: "janedoe" }),
  "POST /auth/request-reset": simple("POST", "/auth/request-reset", 202, { identifier: "janedoe" }),
  "POST /auth/verify/resend": simple("POST", "/auth/verify/resend", 202, { identifier: "janedoe" }),
  "POST /auth/reset-password": async (they) =>
    simple("POST", "/auth/reset-password", 204, { token: await link(they), new_password: NEW_PASSWORD })(they),
  "POST /auth/reset-password/{token}": async (they) =>
    simple("POST", `/auth/reset-password/${await link(they)}`, 204, { new_password: NEW_PASSWORD })(they),
  "POST /reset-password": async (they) => ({
    method: "POST",
    path: "/reset-password",
    status: 303,
    form: { token: await link(they), new_password: NEW_PASSWORD, confirm_password: NEW_PASSWORD },
  }),
  "POST /auth/verify-reset": async (they) => {
    const { code } = await they.sent("/auth/request-reset", { phone: OWN.phone });
    const body = { phone: OWN.phone, otp: code, new_password: NEW_PASSWORD };
    return simple("POST", "/auth/verify-reset", 204, body)(they);
  },
  "POST /auth/verify": async (they) => {
    const { code } = await they.sent("/auth/verify/resend", { email: OWN.email });
    return simple("POST", "/auth/verify", 204, { email: OWN.email, otp: code })(they);
  },
  "GET /": simple("GET", "/", 200),
  "GET /users/me": simple("GET", "/users/me", 200),
  "GET /auth/me": simple("GET", "/auth/me", 200),
  "PATCH /users/me": simple("PATCH", "/users/me", 200, { username: "jane", first_name: "Jane" }),
  "DELETE /users/me": simple("DELETE", "/users/me", 204, { password: PASSWORD }),
  "POST /users/me/password": simple("POST", "/users/me/password", 204, {
    old_password: PASSWORD,
    new_password: NEW_PASSWORD,
  }),
  "POST /auth/change-password": simple("POST", "/auth/change-password", 204, {
    current_password: PASSWORD,
    new_password: NEW_PASSWORD,
  }),
  "POST /users/me/email": simple("POST", "/users/me/email", 202, { email: NEW.email, password: PASSWORD }),
  "POST /users/me/email/confirm": change("email"),
  "POST /users/me/phone": simple("POST", "/users/me/phone", 202, { phone: NEW.phone, password: PASSWORD }),
  "POST /users/me/phone/confirm": change("phone"),
  "GET /users/me/sessions": simple("GET", "/users/me/sessions", 200),
  "DELETE /users/me/sessions/{id}": async (they) =>
    simple("DELETE", `/users/me/sessions/${sidOf(they.other.access_token)}`, 204)(they),
  "GET /users/me/events": simple("GET", "/users/me/events", 200),
  "GET /.well-known/jwks.json": simple("GET", "/.well-known/jwks.json", 200),
  "GET /health": simple("GET", "/health", 200),
  "GET /openapi.json": simple("GET", "/openapi.json", 200),
  "GET /docs": simple("GET", "/docs", 200),
  "GET /docs/{file}": simple("GET", "/docs/docs.css", 200),
  "GET /dev/outbox": simple("GET", "/dev/outbox", 404),
  "GET /reset-password": simple("GET", "/reset-password?token=x", 200),
};

/** Every route of the service by name. */
export const SCENARIO_ROUTES = Object.keys(BUILDERS);

/** A world in which this route's request succeeds. */
export async function prepare(route: string): Promise<{ world: World; scenario: Scenario }> {
  const they = await prepared();
  return { world: they.world, scenario: await BUILDERS[route]!(they) };
}

export function act(world: World, { method, path, token, body, form }: Scenario) {
  const from = { "cf-connecting-ip": "203.0.113.7" };
  if (form) {
    const headers = { ...from, "sec-fetch-site": "same-origin" };
    return world.send(path, { method, headers, body: new URLSearchParams(form) });
  }
  return world.call(method, path, { headers: from, ...(token && { token }), ...(body && { body }) });
}
