import {
  type AuthProvider,
  auth,
  Client,
  type OAuthClientProvider,
  type OAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { deployMcpServer, type McpDeployment, RESOURCE, SERVICE } from "../support/mcp-deployment.ts";

/** Nothing listens there: the test is the browser. */
const CALLBACK = "http://localhost:3000/callback";
const PASSWORD = "correct-horse-7";

let deployed: McpDeployment;
let clientId: string;

beforeAll(async () => {
  deployed = await deployMcpServer();
  ({ client_id: clientId } = await deployed.createClient({
    client_name: "Editor",
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: "none",
  }));
});

afterAll(() => deployed.close());

/** A browser of a new user, who is signed in. Returns what opens a page and allows what it asks. */
async function createBrowser() {
  const cookies = new Map<string, string>();
  async function send(path: string, fields?: Record<string, string>) {
    const headers = {
      accept: "text/html",
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(fields && { origin: SERVICE, "sec-fetch-site": "same-origin" }),
    };
    const body = fields && new URLSearchParams(fields);
    const answer = await deployed.fetch(new URL(path, SERVICE), { headers, ...(body && { method: "POST", body }) });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const to = answer.headers.get("location") ?? answer.headers.get("refresh")?.split("url=")[1];
    return { text: await answer.text(), to };
  }

  const account = { email: `${crypto.randomUUID()}@example.com`, password: PASSWORD };
  await deployed.fetch(`${SERVICE}/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(account),
  });
  await send("/sign-in", { identifier: account.email, password: PASSWORD });

  return async function allow(url: string) {
    const page = await send(url);
    const form = Object.fromEntries(
      [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name,
        value.replaceAll("&amp;", "&"),
      ]),
    );
    const { form_id = "", request = "", user = "" } = form;
    const { to = "" } = await send("/oauth/consent", { form_id, request, user, answer: "allow" });
    return { page: page.text, params: new URL(to).searchParams };
  };
}

/** A program that uses MCP, and keeps what the SDK gives it. */
function createProgram() {
  const kept: Record<string, unknown> & { tokens?: OAuthTokens } = {};
  const asked: URL[] = [];
  const save = (name: string) => (value: unknown) => {
    kept[name] = value;
  };
  const provider: OAuthClientProvider = {
    redirectUrl: CALLBACK,
    clientMetadata: { redirect_uris: [CALLBACK], grant_types: ["authorization_code", "refresh_token"] },
    state: () => "state-1",
    clientInformation: () => ({ client_id: clientId, issuer: SERVICE }),
    tokens: () => kept.tokens,
    saveTokens: save("tokens"),
    codeVerifier: () => String(kept["verifier"]),
    saveCodeVerifier: save("verifier"),
    discoveryState: () => kept["discovery"] as never,
    saveDiscoveryState: save("discovery"),
    // After `invalid_grant`.
    invalidateCredentials: () => void delete kept.tokens,
    redirectToAuthorization: (url) => void asked.push(url),
  };
  const connect = async (authProvider: AuthProvider | OAuthClientProvider = provider) => {
    const transport = new StreamableHTTPClientTransport(new URL(RESOURCE), { authProvider, fetch: deployed.fetch });
    const client = new Client({ name: "editor", version: "1.0.0" });
    return { client, transport, connected: await client.connect(transport).then(() => true, refused) };
  };
  return { kept, asked, provider, connect };
}

function refused(error: unknown) {
  if (error instanceof UnauthorizedError) return false;
  throw error;
}

const textOf = ({ content }: { content?: unknown }) => (content as { text: string }[] | undefined)?.[0]?.text;

/** A program that its user has connected. */
async function connectProgram() {
  const [allow, program] = [await createBrowser(), createProgram()];
  const first = await program.connect();
  expect(first.connected).toBe(false);
  const answer = await allow(String(program.asked.at(-1)));
  await first.transport.finishAuth(answer.params);
  return { allow, program, answer, ...(await program.connect()) };
}

it("users connect an MCP client, which asks for what it needs when it needs it", { timeout: 180_000 }, async () => {
  const { allow, program, answer, client, transport, connected } = await connectProgram();
  const [url] = program.asked;
  expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
    resource: RESOURCE,
    scope: "notes:read offline_access",
    prompt: "consent",
    code_challenge_method: "S256",
  });
  expect([url?.origin, answer.params.get("iss"), answer.params.get("state")]).toEqual([SERVICE, SERVICE, "state-1"]);
  expect(answer.page).toContain("Use notes:read");
  expect(program.kept.tokens?.scope).toBe("offline_access notes:read");

  expect(connected).toBe(true);
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["list_notes", "add_note"]);
  expect(textOf(await client.callTool({ name: "list_notes" }))).toBe("There are no notes.");

  // Writing needs another scope. The program asks for all that it has and the new one.
  const add = () => client.callTool({ name: "add_note", arguments: { text: "Buy milk" } });
  expect(await add().catch(refused)).toBe(false);
  expect(program.asked.at(-1)?.searchParams.get("scope")).toContain("notes:read notes:write");
  await transport.finishAuth((await allow(String(program.asked.at(-1)))).params);
  expect(textOf(await add())).toBe("The note was added.");
  expect(textOf(await client.callTool({ name: "list_notes" }))).toBe("- Buy milk");

  const other = await connectProgram();
  expect(textOf(await other.client.callTool({ name: "list_notes" }))).toBe("There are no notes.");
});

it("an MCP client renews its tokens until they are revoked", { timeout: 180_000 }, async () => {
  const { program, client } = await connectProgram();
  const list = async () => textOf(await client.callTool({ name: "list_notes" }));
  const { tokens } = program.kept;

  program.kept.tokens = { ...tokens!, access_token: `${tokens?.access_token}x` };
  expect(await list()).toBe("There are no notes.");
  expect(program.kept.tokens.refresh_token).not.toBe(tokens?.refresh_token);
  expect(program.asked).toHaveLength(1);
  // By hand, as programs do that have no transport.
  const renewed = await auth(program.provider, { serverUrl: RESOURCE, fetchFn: deployed.fetch });
  expect(renewed).toBe("AUTHORIZED");

  vi.spyOn(console, "warn").mockImplementation(() => {});
  const body = new URLSearchParams({ client_id: clientId, token: program.kept.tokens?.refresh_token ?? "" });
  expect((await deployed.fetch(`${SERVICE}/oauth/revoke`, { method: "POST", body })).status).toBe(200);
  expect(await list().catch(refused)).toBe(false);
  expect(program.asked).toHaveLength(2);
});

it("an MCP server refuses what is no message, and tokens for anything else", { timeout: 180_000 }, async () => {
  const { program, client } = await connectProgram();
  const send = async (body: string, token = program.kept.tokens?.access_token) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await deployed.fetch(RESOURCE, { method: "POST", headers, body });
    return [answer.status, /^\{/.test(await answer.clone().text()) && ((await answer.json()) as Failure).error?.code];
  };
  for (const body of ["", "[]", "null", '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":[],"method":"ping"}'])
    expect(await send(body)).toEqual([200, -32600]);
  expect(await send('{"jsonrpc":"2.0","id":1,"method":"constructor"}')).toEqual([200, -32601]);
  const unknown = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"constructor"}}';
  expect(await send(unknown)).toEqual([200, -32602]);
  expect((await send(" ".repeat(20_000)))[0]).toBe(413);
  expect((await deployed.fetch(RESOURCE)).status).toBe(401);
  const login = { identifier: "nobody", password: PASSWORD };
  expect((await send(JSON.stringify(login), "garbage"))[0]).toBe(401);
  await client.close();
});

interface Failure {
  error?: { code: number };
}
