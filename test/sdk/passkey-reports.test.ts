import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { plugInAuthenticator } from "../support/browser-passkeys.ts";
import { connect, createSignedIn } from "../support/sdk-network.ts";
import { createWorld, ISSUER } from "../support/world.ts";

afterEach(() => vi.unstubAllGlobals());

const LIST = "GET /users/me/passkeys";
const ADD = "POST /users/me/passkeys";

/** Jane's client in a browser. The next request of a kind is held before or after the service. */
async function createHeld(held: string, when: "before" | "after") {
  const authenticator = plugInAuthenticator();
  const { client, fetched } = await createSignedIn();
  const through = fetched.getMockImplementation()!;
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let isHeld = false;
  fetched.mockImplementation(async (input, init) => {
    const isMeant = !isHeld && `${init?.method} ${new URL(String(input)).pathname}` === held;
    if (!isMeant) return through(input, init);
    isHeld = true;
    if (when === "after") {
      const response = await through(input, init);
      reached.resolve();
      await gate.promise;
      return response;
    }
    reached.resolve();
    await gate.promise;
    return through(input, init);
  });
  return { client, authenticator, reached: reached.promise, release: gate.resolve };
}

describe("a new passkey", () => {
  it("stays in the browser if a list from before it arrives after it", async () => {
    const { client, authenticator, reached, release } = await createHeld(LIST, "after");
    const listed = client.passkeys.list();
    await reached;
    expect(await client.passkeys.register()).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(authenticator.signaled.length).toBe(1));

    release();

    expect(await listed).toMatchObject({ ok: true, value: { passkeys: [] } });
    expect([authenticator.signaled.length, authenticator.kept()]).toEqual([1, 1]);
  });

  it("stays in the browser if a list arrives while the service adds it", async () => {
    const { client, authenticator, reached, release } = await createHeld(ADD, "before");
    const registered = client.passkeys.register();
    await reached;
    expect(authenticator.kept()).toBe(1);

    expect(await client.passkeys.list()).toMatchObject({ ok: true, value: { passkeys: [] } });

    expect([authenticator.signaled.length, authenticator.kept()]).toEqual([0, 1]);
    release();
    expect(await registered).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(authenticator.signaled.length).toBe(1));
    expect(authenticator.kept()).toBe(1);
  });
});

it.each([
  [undefined, 200],
  [null, 200],
  [0, 200],
  [-1, 9],
  [1, 9],
  [2 ** 40, 200],
])("a field whose options have the timeout %s asks for them once in %d seconds", async (timeout, seconds) => {
  const authenticator = plugInAuthenticator();
  const { fetched, count } = connect(createWorld());
  const through = fetched.getMockImplementation()!;
  fetched.mockImplementation(async (input, init) => {
    const response = await through(input, init);
    return Response.json({ ...(await response.json<object>()), timeout });
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const client = createAuthClient(ISSUER);
  const offered = client.passkeys.signIn({ autofill: true });
  await vi.waitFor(() => expect(authenticator.isOffering()).toBe(true));

  await vi.advanceTimersByTimeAsync(seconds * 1000);

  expect([count("POST /auth/passkeys/options"), authenticator.isOffering()]).toEqual([1, true]);
  client.close();
  expect(await offered).toMatchObject({ code: "canceled" });
});
