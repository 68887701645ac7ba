import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";
import { type AuthClientOptions, createAuthClient, type OnStepUp } from "../../src/sdk/client.ts";
import { authenticate, requireAuth } from "../../src/sdk/index.ts";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { call } from "../support/rpc.ts";
import { connect, JANE, OK } from "../support/sdk-network.ts";
import { createWorldWithJane, ISSUER, PASSWORD } from "../support/world.ts";

const NOTES = "https://notes.test";
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

/** The bodies that the service of notes has accepted. */
let accepted: string[];

/** Jane, who signed in an hour ago, and a service of notes that asks for more. */
async function createLate(onStepUp?: (client: ReturnType<typeof createAuthClient>) => OnStepUp, withApp = false) {
  vi.useFakeTimers({ toFake: ["Date"] });
  accepted = [];
  const { world, login } = await createWorldWithJane();
  const app = withApp ? await addApp(postTo(world), (await login()).access_token) : undefined;
  const network = connect(world);
  const through = network.fetched.getMockImplementation()!;
  const auth = {
    keys: () => call(world, "keys"),
    verify: (...args: unknown[]) => call(world, "verify", ...args),
  };
  const take = async (c: { req: { text(): Promise<string> }; body(text: string): Response }) => {
    accepted.push(await c.req.text());
    return c.body("");
  };
  const notes = new Hono()
    .use("/recent", requireAuth({ auth, maxAuthAge: 300 }))
    .use("/strong", requireAuth({ auth, acr: "aal2" }))
    .all("/recent", take)
    .all("/strong", take)
    .all("/plain", async (c) => {
      const outcome = await authenticate(c.req.raw, { auth, acr: "aal2", maxAuthAge: 300 });
      return outcome.ok ? take(c) : outcome.response;
    });
  network.fetched.mockImplementation((input, init) => {
    const request = new Request(input as string, init);
    return request.url.startsWith(NOTES) ? Promise.resolve(notes.fetch(request)) : through(request);
  });
  const calls = vi.fn<OnStepUp>();
  const options: AuthClientOptions = { tokenOrigins: [NOTES], ...(onStepUp && { onStepUp: calls }) };
  const client = createAuthClient(ISSUER, options);
  if (onStepUp) calls.mockImplementation(onStepUp(client));
  pass(60);
  const first = await client.login(JANE);
  const login_token = "login_token" in first ? first.login_token : "";
  if (app) expect(await client.secondFactor({ login_token, code: appCode(app.secret) })).toEqual(OK);
  pass(3600);
  await client.accessToken();
  return { client, calls, app, ...network };
}

type Client = Parameters<NonNullable<Parameters<typeof createLate>[0]>>[0];
const byPassword = (client: Client) => async () => (await client.reauthenticate({ password: PASSWORD })).ok;
const post = (client: Client, path: string, body: BodyInit = "milk") =>
  client.fetch(`${NOTES}${path}`, { method: "POST", body });

describe("a request that requires a more recent authentication", () => {
  it("is repeated once with the new token after the user was proven", async () => {
    const { client, calls, count } = await createLate(byPassword);

    expect((await post(client, "/recent")).status).toBe(200);

    expect([calls.mock.calls, accepted]).toEqual([[[{ maxAge: 300 }]], ["milk"]]);
    expect((await post(client, "/recent", "bread")).status).toBe(200);
    expect([calls.mock.calls.length, count("POST /users/me/reauthenticate")]).toEqual([1, 1]);
  });

  it("shares the call of the app with concurrent requests, also with one that was sent before it", async () => {
    const { client, calls, fetched } = await createLate(byPassword);
    const through = fetched.getMockImplementation()!;
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    fetched.mockImplementationOnce(async (...args) => {
      const response = await through(...args);
      await released;
      return response;
    });
    const slow = post(client, "/recent", "slow");

    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => post(client, "/recent", `${n}`)));
    release();

    expect([...answers, await slow].map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect([calls.mock.calls.length, [...accepted].sort()]).toEqual([1, ["0", "1", "2", "3", "4", "slow"]]);
  });

  it.each([
    ["without a callback", undefined, 0],
    ["if the user was not proven", () => () => false, 2],
    ["if the callback throws", () => () => Promise.reject(new Error("closed")), 2],
  ])("gets the 401 %s, and is not repeated", async (_, onStepUp, called) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { client, calls } = await createLate(onStepUp);

    const response = await post(client, "/recent");

    expect([response.status, await response.json()]).toMatchObject([401, { code: "insufficient_user_authentication" }]);
    expect([(await post(client, "/recent")).status, accepted]).toEqual([401, []]);
    expect(calls).toHaveBeenCalledTimes(called);
  });

  it("gets the 401 if the user signs out meanwhile, who is not asked", async () => {
    const { client, calls, fetched } = await createLate(byPassword);
    const through = fetched.getMockImplementation()!;
    fetched.mockImplementationOnce(async (...args) => {
      const response = await through(...args);
      await client.logout();
      return response;
    });

    expect([(await post(client, "/recent")).status, calls.mock.calls]).toEqual([401, []]);
  });

  it("is repeated only once if the app only says that the user was proven", async () => {
    const { client, calls, count } = await createLate(() => () => true);

    expect((await post(client, "/recent")).status).toBe(401);

    // A refresh finds out whether another page has proven the user.
    expect([calls.mock.calls.length, count("POST /auth/refresh")]).toEqual([1, 2]);
  });

  it("waits for a call of its own if the running one is for another level", async () => {
    const asked: (string | undefined)[] = [];
    let refused = 0;
    const { client, calls, fetched } = await createLate((client) => async ({ acr }) => {
      await expect.poll(() => refused).toBe(4);
      await client.reauthenticate({ password: PASSWORD });
      asked.push(acr);
      return true;
    });
    const through = fetched.getMockImplementation()!;
    fetched.mockImplementation(async (input, init) => {
      const { origin, pathname } = new URL((input as Request).url ?? input);
      if (origin !== NOTES) return through(input, init);
      const acr = pathname.slice(1) || undefined;
      if (asked.includes(acr)) return new Response("");
      refused++;
      const challenge = `Bearer error="insufficient_user_authentication", acr_values="${acr ?? ""}"`;
      return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
    });

    const answers = await Promise.all(["/", "/aal2", "/aal3", "/aal2"].map((path) => post(client, path)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(calls.mock.calls).toEqual([[{}], [{ acr: "aal2" }], [{ acr: "aal3" }]]);
  });

  it("takes a body that is a stream, which is kept for the next attempt", async () => {
    const { client } = await createLate(byPassword);
    const body = new Blob(["milk"]).stream();

    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect([(await client.fetch(`${NOTES}/recent`, init)).status, accepted]).toEqual([200, ["milk"]]);
  });

  it("of the service itself is repeated too", async () => {
    const { client, calls } = await createLate(byPassword);
    const body = JSON.stringify({ new_password: "brand-new-horse-8" });
    const headers = { "content-type": "application/json" };

    const { status } = await client.fetch(`${ISSUER}/users/me/password`, { method: "POST", headers, body });

    expect([status, calls.mock.calls]).toEqual([200, [[{ maxAge: 300 }]]]);
  });
});

it.each([
  ["/strong", { acr: "aal2" }],
  ["/plain", { acr: "aal2", maxAge: 300 }],
])("a request to %s asks for the second factor that it requires", async (path, required) => {
  let secret = "";
  const byCode = (client: Client) => async () => (await client.reauthenticate({ code: appCode(secret) })).ok;
  const { client, calls, app } = await createLate(byCode, true);
  secret = app?.secret ?? "";
  // The password proves one factor, and leaves the session with it.
  expect(await client.reauthenticate({ password: PASSWORD })).toEqual(OK);

  expect((await post(client, path)).status).toBe(200);
  expect(calls.mock.calls).toEqual([[required]]);
});

describe("a challenge", () => {
  it.each([
    ['Bearer error="insufficient_user_authentication", max_age=0', { maxAge: 0 }],
    ['bearer Error=insufficient_user_authentication, ACR_VALUES="aal3 aal2"', { acr: "aal3" }],
    ['Basic realm="a", Bearer error = "insufficient_user_authentication"', {}],
    ['Bearer error="insufficient_user_authentication", DPoP error="invalid_token"', {}],
    ['Bearer error="insufficient_user_authentication", max_age="soon"', {}],
    ['Bearer realm="error=insufficient_user_authentication", error="invalid_token"', undefined],
    ['Bearer error="invalid_token", error_description="insufficient_user_authentication"', undefined],
    ["Bearer", undefined],
  ])("%s is read as %j", async (challenge, required) => {
    const { client, calls, fetched } = await createLate(() => () => false);
    const headers = { "www-authenticate": challenge };
    fetched.mockImplementationOnce(async () => new Response(null, { status: 401, headers }));

    await client.fetch(`${NOTES}/unknown`);

    expect(calls.mock.calls).toEqual(required ? [[required]] : []);
  });
});
