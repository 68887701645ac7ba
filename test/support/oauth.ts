/** OAuth clients in tests: a registered one, and the way of its user through the pages. */
import * as oauth from "oauth4webapi";
import { DEVICE_GRANT, type NewClient } from "../../src/contract/oauth-client.ts";
import type { AuthorizedClient, Session } from "./route.ts";
import { administer } from "./rpc.ts";
import { createVisitor } from "./visitor.ts";
import { createWorldWithJane, ISSUER, type World } from "./world.ts";

export const CALLBACK = "https://app.example/callback";

/** Of an app on the device, with a port that differs each time. */
const NATIVE_CALLBACK = "http://127.0.0.1:3000/cb?app=1";

type Visitor = ReturnType<typeof createVisitor>;

/** What oauth4webapi needs to talk to the world instead of the network. */
export const optionsOf = (world: World) => ({
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: async (
    url: string,
    { body, ...init }: oauth.CustomFetchOptions<string, BodyInit | undefined>,
  ) => {
    const { status, headers, text } = await world.send(url.replace(ISSUER, ""), {
      ...init,
      ...(body !== undefined && { body }),
    } as RequestInit);
    return new Response(status === 204 ? null : text, { status, headers });
  },
});

/** A client as oauth4webapi sees it. */
export async function register(world: World, input: Partial<NewClient> = {}) {
  const { ok, value } = await administer(world, "createClient", {
    client_name: "Notes",
    redirect_uris: [CALLBACK],
    ...input,
  });
  if (!ok) throw new Error("the client was refused");
  const client: oauth.Client = { client_id: value.client_id };
  const auth = value.client_secret ? oauth.ClientSecretBasic(value.client_secret) : oauth.None();
  return { client, auth, secret: value.client_secret as string | undefined };
}

type Registered = Awaited<ReturnType<typeof register>>;

/** Reads the metadata of the service. */
export async function discover(world: World): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(ISSUER);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, optionsOf(world)));
}

interface Request {
  verifier: string;
  params: URLSearchParams;
}

/** An authorization request with PKCE, state and nonce. */
export async function request(client: oauth.Client, more: Record<string, string> = {}): Promise<Request> {
  const verifier = oauth.generateRandomCodeVerifier();
  const params = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile email offline_access",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: "state-1",
    nonce: "nonce-1",
    ...more,
  });
  return { verifier, params };
}

export const authorizePath = (params: URLSearchParams) => `/oauth/authorize?${params}`;

/** Where a page leads by itself. */
export const refreshTo = (headers: Headers) => headers.get("refresh")?.split("url=")[1];

/** The hidden fields of a consent page. */
export const fieldsOf = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll("&amp;", "&"),
    ]),
  );

/** The hidden fields of the form on a consent page. */
export const consentFieldsOf = (html: string) =>
  fieldsOf(html.split('action="/oauth/consent"')[1]?.split("</form>")[0] ?? "");

/** Allows what a page asks for. Returns where the browser goes. */
export async function allow(visitor: Visitor, html: string, answer = "allow") {
  const { form_id, request, user } = consentFieldsOf(html);
  const shown = await visitor.post("/oauth/consent", { form_id: form_id!, request: request!, user: user!, answer });
  return refreshTo(shown.headers) ?? shown.location ?? "";
}

/** A code for a client, which its user allows, and what its exchange needs. */
export async function codeFor(
  visitor: Visitor,
  { client, secret }: Pick<Registered, "client" | "secret">,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  const { verifier, params } = await request(client, more);
  const page = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
  const to = page.location ?? (await allow(visitor, page.text));
  const code = new URL(to).searchParams.get("code") ?? "";
  return { ...credentialsOf({ client, secret }), grant_type: "authorization_code", code, code_verifier: verifier };
}

/** How a client authenticates in a form. */
export const credentialsOf = ({ client, secret }: Pick<Registered, "client" | "secret">): Record<string, string> => ({
  client_id: client.client_id,
  ...(secret && { client_secret: secret }),
});

/** The tokens of a client, which its user allows. */
export async function tokensOf(world: World, visitor: Visitor, registered: Registered, more = {}) {
  const { status, json } = await world.form("/oauth/token", await codeFor(visitor, registered, more));
  if (status !== 200) throw new Error(`the code was answered with ${status} ${json.error}`);
  return json;
}

/** Refreshes the tokens of a client. */
export const refreshAs = (world: World, registered: Registered, refresh_token: string, more = {}) =>
  world.form("/oauth/token", { ...credentialsOf(registered), grant_type: "refresh_token", refresh_token, ...more });

/** A client with a code of this session's user, who has just allowed it. */
export async function authorizeForScenario(
  world: World,
  { refresh_token }: Session,
  userId: string,
): Promise<AuthorizedClient> {
  const { client, secret = "" } = await register(world);
  const { client_id } = client;
  const { verifier: code_verifier, params } = await request(client);
  const visitor = createVisitor(world);
  visitor.cookies.set("__Host-refresh_token", refresh_token);
  const page = await visitor.get(authorizePath(params));
  const code = new URL(await allow(visitor, page.text)).searchParams.get("code") ?? "";
  const form = { grant_type: "authorization_code", client_id, client_secret: secret, code, code_verifier };
  const exchange = async () => (await world.form("/oauth/token", form)).json;
  return { client_id, client_secret: secret, code, code_verifier, params, userId, exchange };
}

/** A public client of devices, and the codes of a device. */
export async function startDevice(world: World, input: Partial<NewClient> = {}, more: Record<string, string> = {}) {
  const { client } = await register(world, {
    client_name: "TV",
    redirect_uris: [],
    grant_types: [DEVICE_GRANT, "refresh_token"],
    token_endpoint_auth_method: "none",
    ...input,
  });
  const { client_id } = client;
  const { json } = await world.form("/oauth/device_authorization", { client_id, scope: "openid email", ...more });
  return { client_id, ...json } as Record<"client_id" | "device_code" | "user_code", string>;
}

/** Jane is signed in to a browser. */
export async function createSignedIn(settings: Partial<Env> = {}) {
  const { world, ...rest } = await createWorldWithJane(settings);
  const visitor = createVisitor(world);
  await visitor.signIn();
  return { world, visitor, ...rest };
}

/** A client of the operator, which gets a code without a question, and a request of it. */
export async function silentClient() {
  const { world, visitor } = await createSignedIn({ OAUTH_RESOURCES: "https://notes.example/mcp" });
  const { client } = await register(world, { first_party: true, redirect_uris: [CALLBACK, NATIVE_CALLBACK] });
  const ask = async (change: (params: URLSearchParams) => unknown, base = visitor) => {
    const { params } = await request(client);
    change(params);
    return base.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
  };
  return { world, visitor, client, ask };
}

/** Authorizes a client and exchanges the code, all with oauth4webapi. */
export async function authorizeClient(
  world: World,
  visitor: Visitor,
  registered: Registered,
  more: Record<string, string> = {},
) {
  const { client, auth } = registered;
  const as = await discover(world);
  const { verifier, params } = await request(client, more);
  const page = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
  const to = page.location ?? (await allow(visitor, page.text));
  const answer = oauth.validateAuthResponse(as, client, new URL(to), "state-1");
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    answer,
    CALLBACK,
    verifier,
    optionsOf(world),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    ...(params.get("scope")?.includes("openid") && { expectedNonce: params.get("nonce") ?? "" }),
  });
  return { as, tokens, to, verifier, params };
}
