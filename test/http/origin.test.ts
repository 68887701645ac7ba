import { beforeEach, describe, expect, it, vi } from "vitest";
import { createWorldWithJane, PASSWORD } from "../support/world.ts";

const APP = "https://app.test";
const CREDENTIALS = { identifier: "janedoe", password: PASSWORD };

let lines: string[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => void lines.push(line));
});

const refusals = () => lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "origin_refused");

describe("a refused origin", () => {
  it.each([
    "http://localhost:5174",
    "https://app.test.evil.test",
    "capacitor://localhost",
    "https://[2001:db8::1]:8443",
  ])("%s is named in the answer and in the log", async (origin) => {
    const { world } = await createWorldWithJane();
    const { status, json } = await world.post("/auth/login", CREDENTIALS, { origin });

    expect([status, json.code]).toEqual([403, "origin_not_allowed"]);
    expect(json.detail).toContain(`pages of ${origin}. Add it to \`ALLOWED_ORIGINS\``);
    expect(refusals()).toEqual([{ level: "info", event: "origin_refused", origin }]);
  });

  it.each([
    "null",
    "canary",
    "https://canary/path",
    "https://canary@app.test",
    `https://${"canary".repeat(100)}.test`,
    "javascript:canary",
    '{"canary":1}',
  ])("%s is called malformed and not repeated", async (origin) => {
    const { world } = await createWorldWithJane();
    const { status, json, text } = await world.post("/auth/login", CREDENTIALS, { origin });

    expect([status, json.detail]).toEqual([403, "The `Origin` is `null` or malformed, so it cannot be allowed."]);
    expect(refusals()).toMatchObject([{ origin: "malformed" }]);
    expect(text + lines.join()).not.toContain("canary");
  });

  it("is distinguished from a missing one at login, refresh and logout", async () => {
    const { world } = await createWorldWithJane();
    const login = await world.post("/auth/login", { ...CREDENTIALS, transport: "cookie" });
    const cookie = "__Host-refresh_token=x";
    const answers = [
      login,
      ...(await Promise.all(["refresh", "logout"].map((path) => world.post(`/auth/${path}`, {}, { cookie })))),
    ];

    for (const { status, json } of answers) {
      expect([status, json.code]).toEqual([403, "origin_not_allowed"]);
      expect(json.detail).toContain("that uses the cookie must have an `Origin`");
    }
    expect(refusals().map(({ origin }) => origin)).toEqual(["missing", "missing", "missing"]);
  });
});

describe("an allowed origin", () => {
  it.each([
    ["https://*.app.test", "https://preview-7.app.test"],
    ["capacitor://localhost", "capacitor://localhost"],
  ])("of %s signs in, refreshes and signs out with the cookie", async (ALLOWED_ORIGINS, origin) => {
    const { world } = await createWorldWithJane({ ALLOWED_ORIGINS });
    const login = await world.post("/auth/login", { ...CREDENTIALS, transport: "cookie" }, { origin });
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";

    expect((await world.call("POST", "/auth/refresh", { headers: { cookie, origin: APP } })).status).toBe(403);
    expect((await world.call("POST", "/auth/refresh", { headers: { cookie, origin } })).status).toBe(200);
    expect((await world.call("POST", "/auth/logout", { headers: { cookie, origin } })).status).toBe(204);
    expect(refusals()).toHaveLength(1);
  });
});
