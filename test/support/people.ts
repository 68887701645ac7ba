import { addApp, postTo } from "./authenticator.ts";
import { NO_COOLDOWN, outbox } from "./outbox.ts";
import { addPasskey, type EnrolledPasskey, signInWith } from "./passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "./passwords.ts";
import { verifyPhones } from "./rows.ts";
import { base64url } from "./security-key.ts";
import { createWorldWithJane, type World } from "./world.ts";

export const JANE = { email: "jane.doe@example.com", phone: "+12025550123", username: "janedoe" };
/** Addresses that nobody has. */
export const NEW = { email: "new@example.com", phone: "+12025550144" };

/** A login, by default by Jane. */
export const logIn = (world: World, identifier = JANE.username, password = PASSWORD) =>
  world.post("/auth/login", { identifier, password });

/** Requests a message to Jane and returns what was sent. */
async function requestedMessage(world: World, path: string, identifier: string) {
  await requestMessage(world, path, identifier);
  return outbox.last();
}

async function requestMessage(world: World, path: string, identifier: string) {
  const { status } = await world.post(path, { identifier });
  if (status !== 202) throw new Error(`${path} answered ${status}`);
  await world.flush();
}

/** Signed in twice; may change her addresses. */
async function signedIn(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const [own, other] = [await login(), await login()];
  /** By default as `own`, who goes on in the session that replaces hers. */
  const call = async (method: string, path: string, body?: object, token?: string) => {
    const answer = await world.call(method, path, { token: token ?? own.access_token, body });
    if (token === undefined && answer.json?.access_token) Object.assign(own, answer.json);
    return answer;
  };
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

/** Has requested a reset link and received it. */
async function requestedReset(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const ask = () => requestMessage(world, "/auth/forgot-password", JANE.username);
  const request = () => requestedMessage(world, "/auth/forgot-password", JANE.username);
  const reset = (token: string, new_password = FRESH_PASSWORD) =>
    world.post("/auth/reset-password", { token, new_password });
  const mail = await request();
  return { world, jane, login, ask, request, reset, mail, link: mail.token };
}

/** Has requested a reset code at this identifier and received it. A number is verified before. */
async function requestedResetCode(identifier = JANE.phone) {
  const { world, jane, login } = await createWorldWithJane(NO_COOLDOWN);
  if (identifier === JANE.phone) await verifyPhones();
  const request = (where = identifier) => requestedMessage(world, "/auth/request-reset", where);
  const reset = async (otp: string, who = identifier, new_password = FRESH_PASSWORD, device = {}) =>
    (await world.post("/auth/verify-reset", { identifier: who, otp, new_password, ...device })).status;
  return { world, jane, login, request, reset, message: await request() };
}

/** Signed in, with an authenticator app. */
async function withApp(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const { access_token } = await login();
  const app = await addApp(postTo(world), access_token);
  const loginToken = async (): Promise<string> => (await logIn(world)).json.login_token;
  const prove = async (code: string, login_token?: string, headers = {}) =>
    world.post("/auth/login/second-factor", { login_token: login_token ?? (await loginToken()), code }, headers);
  const call = async (method: string, path: string, body?: object) => {
    const answer = await world.call(method, path, { token: app.access_token, body });
    if (answer.json?.access_token) Object.assign(app, answer.json);
    return answer;
  };
  return { world, jane, app, loginToken, prove, call };
}

/** Signed in, with a passkey in the account. */
async function withPasskey(settings: Partial<Env> = {}) {
  const { world, jane, login } = await createWorldWithJane({ ...NO_COOLDOWN, ...settings });
  const post = postTo(world);
  const own = await addPasskey(post, (await login()).access_token);
  const signIn = async (deviation = {}, key: EnrolledPasskey = own) =>
    world.post("/auth/passkeys/login", { credential: await signInWith(post, key, deviation) });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await world.call(method, path, { token: own.access_token, body });
    if (answer.json?.access_token) Object.assign(own, answer.json);
    return answer;
  };
  return { world, jane, post, own, signIn, call, id: base64url(own.passkey.id) };
}

/** People with a history. Jane has all three identifiers. */
export const people = { jane: { signedIn, withApp, withPasskey, requestedReset, requestedResetCode } };

/** A code that differs from this one. */
export const wrongCode = (code: string, n = 1) =>
  String((Number(code) + n) % 10 ** code.length).padStart(code.length, "0");
