import { describe, expect, it } from "vitest";
import { createSignedIn } from "../support/sdk-network.ts";

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
});
