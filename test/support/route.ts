import { FRESH_PASSWORD, JANE, NEW_EMAIL, NEW_PHONE, PASSWORD } from "../../src/http/examples.ts";
import { addApp, appCode } from "./authenticator.ts";
import { addPasskey } from "./passkeys.ts";
import { base64url } from "./security-key.ts";

export { NEW_EMAIL, NEW_PHONE };

/** One row of the table of routes. */
export interface Route {
  /** The status of the request that succeeds. */
  status: number;
  /** A JSON body with every field of the route, each with an acceptable value. */
  body?: Fields;
  /** The fields of the form that a hosted page posts. */
  form?: Record<string, string>;
  /** Only an operator can prepare it, by a setting or over a service binding. */
  needsOperator?: true;
  /** Settings of the world in which `prepare` posts. */
  settings?: Partial<Env>;
  /** Sets up what the request needs and returns what replaces parts of the row. */
  prepare?: (jane: PreparedJane) => Preparation | Promise<Preparation>;
  /**
   * The maximum of awaited D1 trips, KV calls, queue sends and password hashes. Absent means 0.
   */
  cost: Partial<Cost>;
  /** The rate limits that the route asks, in order. */
  limits?: RateLimitBinding[];
}

export type Fields = Record<string, unknown>;
export type Cost = Record<"d1" | "kv" | "queue" | "hashes", number>;
export type RateLimitBinding = Extract<keyof Env, `RATE_LIMIT_${string}`>;

interface Preparation {
  path?: string;
  /** The access token of the request, if that of `own` no longer works. */
  token?: string;
  /** Replaces fields of the body or form. */
  fields?: Fields;
  /** More cookies of the request, without their prefix. */
  cookies?: Record<string, string>;
}

export interface Session {
  access_token: string;
  refresh_token: string;
}

/** Jane, signed in twice. */
export interface PreparedJane {
  own: Session;
  other: Session;
  /** The id of the other session. */
  otherId: string;
  /** Proves the phone number of every account. */
  verifyPhones: () => Promise<unknown>;
  /** An administrator asks for the removal of the second factors. */
  askRemoval: () => Promise<unknown>;
  /** Gives her an identity, as a sign-in at a provider does. Returns its id. */
  linkIdentity: () => Promise<string>;
  /** Registers a client, which she allows to have an authorization code. */
  authorizeClient: () => Promise<AuthorizedClient>;
  /** Registers a client of devices. Returns it, with the codes of a device. */
  startDevice: () => Promise<Record<"client_id" | "device_code" | "user_code", string>>;
  /** Posts to a route and returns the JSON of its answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came back
  post: (path: string, body: object, token?: string) => Promise<any>;
  /** Requests a message and returns what was sent, and the nonce that the browser got. */
  requested: (path: string, body: Fields) => Promise<{ token: string; code: string; browser?: string }>;
}

/** A client with an authorization code of Jane. */
export interface AuthorizedClient {
  client_id: string;
  client_secret: string;
  code: string;
  code_verifier: string;
  /** The authorization request. */
  params: URLSearchParams;
  userId: string;
  /** Exchanges the code. */
  exchange: () => Promise<{ access_token: string; refresh_token: string }>;
}

export const CREDENTIALS = "RATE_LIMIT_CREDENTIALS";
export const MESSAGES = "RATE_LIMIT_MESSAGES";
export const REGISTRATION = "RATE_LIMIT_REGISTRATION";

/** Jane's account after she added an authenticator app, with the next code of the app. */
export async function withApp({ own, post }: PreparedJane) {
  const app = await addApp(post, own.access_token);
  return { ...app, token: app.access_token, code: appCode(app.secret, 1) };
}

/** Jane's browser after she added an app by the API. */
export async function browserWithApp(jane: PreparedJane) {
  const app = await withApp(jane);
  Object.assign(jane.own, app);
  return app;
}

/** The secret of an app that Jane is about to add. */
export const startedApp = async ({ own, post }: PreparedJane): Promise<string> =>
  (await post("/users/me/totp", { password: PASSWORD }, own.access_token)).secret;

/** The first step of a sign-in to such an account. */
export async function loginToken(jane: PreparedJane) {
  const { code } = await withApp(jane);
  const { login_token } = await jane.post("/auth/login", { identifier: "janedoe", password: PASSWORD });
  return { login_token, code };
}

/** Jane's account after she signed in with a second factor on a device that she trusts. */
export async function withTrustedDevice(jane: PreparedJane) {
  const proof = { ...(await loginToken(jane)), trust_device: true };
  const { access_token, device_token } = await jane.post("/auth/login/second-factor", proof);
  const [, id] = JSON.parse(Buffer.from(device_token.split(".")[0], "base64url").toString());
  return { token: access_token, id };
}

/** The first step of a sign-in to an account that has to add a second factor. */
export async function enrollmentToken({ post }: PreparedJane) {
  const { login_token } = await post("/auth/login", { identifier: "janedoe", password: PASSWORD });
  return { login_token };
}

/** Jane's account after she added a passkey. */
export async function withPasskey({ own, post }: PreparedJane) {
  const added = await addPasskey(post, own.access_token);
  return { ...added, token: added.access_token, id: base64url(added.passkey.id) };
}

/** The new password of a form or body that has it repeated. */
export const REPEATED_PASSWORD = { new_password: FRESH_PASSWORD, confirm_password: FRESH_PASSWORD };

export const resetLink = async ({ requested }: PreparedJane) =>
  (await requested("/auth/forgot-password", { identifier: "janedoe" })).token;
export const resetCode = async ({ requested }: PreparedJane) =>
  (await requested("/auth/request-reset", { identifier: "janedoe" })).code;
/** The link for an address that is unproven, while the phone number is proven. */
export async function releaseLink({ requested, verifyPhones }: PreparedJane) {
  await verifyPhones();
  return (await requested("/auth/forgot-password", { email: JANE.email })).token;
}
export const verificationCode = async ({ requested }: PreparedJane) =>
  (await requested("/auth/verify/resend", { identifier: "janedoe" })).code;
export const emailCode = async ({ requested }: PreparedJane) =>
  (await requested("/users/me/email", { email: NEW_EMAIL, password: PASSWORD })).code;
export const phoneCode = async ({ requested }: PreparedJane) =>
  (await requested("/users/me/phone", { phone: NEW_PHONE, password: PASSWORD })).code;
