import { describe, expect, it } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { createSignedIn } from "../support/sdk-network.ts";
import { ISSUER } from "../support/world.ts";

describe("client.fetch", () => {
  it("sends the access token, and a new one if the first is rejected", async () => {
    const { client, fetched } = await createSignedIn();
    const through = fetched.getMockImplementation()!;
    const seen: string[] = [];
    const challenge = { "www-authenticate": 'Bearer realm="gatehouse", error="invalid_token"' };
    fetched.mockImplementation(async (input, init) => {
      const request = new Request(input as Request, init);
      if (!request.url.startsWith("https://notes.test")) return through(input, init);
      seen.push(`${request.headers.get("authorization")?.slice(0, 10)} ${await request.text()}`);
      return new Response(null, { status: seen.length === 1 ? 401 : 201, headers: challenge });
    });

    const response = await client.fetch("https://notes.test/notes", { method: "POST", body: "milk" });
    expect([response.status, seen]).toEqual([201, ["Bearer eyJ milk", "Bearer eyJ milk"]]);
  });

  it("does not retry if re-authentication is required or no user is signed in", async () => {
    const { client, fetched, count } = await createSignedIn();
    const stepUp = { "www-authenticate": 'Bearer error="insufficient_user_authentication", max_age="300"' };
    fetched.mockImplementationOnce(async () => new Response(null, { status: 401, headers: stepUp }));

    expect((await client.fetch("https://notes.test/")).status).toBe(401);
    expect(count("POST /auth/refresh")).toBe(0);
    await client.logout();
    fetched.mockImplementationOnce(async (input) => {
      expect((input as Request).headers.has("authorization")).toBe(false);
      return new Response(null, { status: 401 });
    });
    expect((await client.fetch("https://notes.test/")).status).toBe(401);
  });

  it("sends the token to the service itself", async () => {
    const { client } = await createSignedIn();

    expect((await client.fetch(`${ISSUER}/users/me`)).status).toBe(200);
  });

  it.each([
    "https://evil.test/notes",
    "http://notes.test/notes",
    "https://notes.test:8443/notes",
    "https://notes.test.evil.test/notes",
    "https://notes.test@evil.test/notes",
    "https://sub.notes.test/notes",
    "data:text/plain,notes",
  ])("sends nothing to %s, which is no origin that the app names", async (url) => {
    const { client, fetched } = await createSignedIn();
    const before = fetched.mock.calls.length;

    await expect(client.fetch(url)).rejects.toThrow("is not one of tokenOrigins");
    await expect(client.fetch(new Request(url))).rejects.toThrow(TypeError);
    expect(fetched.mock.calls.length).toBe(before);
  });

  it.each(["*", "notes.test", "http://notes.test", "https://notes.test/notes"])(
    "refuses %s as a token origin when the client is created",
    (origin) => {
      expect(() => createAuthClient(ISSUER, { tokenOrigins: [origin] })).toThrow(TypeError);
    },
  );
});
