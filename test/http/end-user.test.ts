import { describe, expect, it } from "vitest";
import { WRONG_PASSWORD } from "../support/passwords.ts";
import { firstRow } from "../support/rows.ts";
import { createWorld, createWorldWithJane, dumpRows, PASSWORD } from "../support/world.ts";

const SECRET = "correct-backend-secret-of-40-characters";
const OLD_SECRET = "earlier-backend-secret-of-40-characters";
const SETTINGS = { BACKEND_SECRET: `${SECRET}, ${OLD_SECRET}` };
const BACKEND = { "cf-connecting-ip": "198.51.100.9" };
const CREDENTIALS = { identifier: "janedoe", password: PASSWORD };

const behind = (address: string, secret = SECRET) => ({
  ...BACKEND,
  "gatehouse-backend-secret": secret,
  "gatehouse-end-user-ip": address,
});

/** A limiter that allows one request of each key. */
function onePerKey() {
  const keys: string[] = [];
  const limit = async ({ key }: { key: string }) => ({
    success: keys.push(key) && keys.indexOf(key) === keys.length - 1,
  });
  return { keys, RATE_LIMIT_CREDENTIALS: { limit } as unknown as RateLimit };
}

describe("the end user of a backend", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ])("has a rate limit, a session and events of their own: %s", async (address, network) => {
    const { keys, ...limits } = onePerKey();
    const { world } = await createWorldWithJane({ ...SETTINGS, ...limits });
    const statuses = [];
    for (const headers of [behind(address), behind(address), behind("203.0.113.99", OLD_SECRET), BACKEND]) {
      statuses.push((await world.post("/auth/login", CREDENTIALS, headers)).status);
    }

    expect(statuses).toEqual([200, 429, 200, 200]);
    expect(keys).toEqual([network, network, "203.0.113.99", "198.51.100.9"]);
    expect((await firstRow("sessions")).ip).toBe(network);
    expect(JSON.stringify(await dumpRows())).toContain(`"ip":"${network}"`);
  });

  it("who guesses locks out only their own network", async () => {
    const { world } = await createWorldWithJane(SETTINGS);
    const login = async (address: string) => (await world.post("/auth/login", CREDENTIALS, behind(address))).status;
    const guess = { ...CREDENTIALS, password: WRONG_PASSWORD };
    for (let n = 0; n < 5; n++) await world.post("/auth/login", guess, behind("203.0.113.7"));

    expect([await login("203.0.113.7"), await login("203.0.113.8")]).toEqual([429, 200]);
  });

  it("may stay unnamed: the request then counts for the backend", async () => {
    const { world } = await createWorldWithJane(SETTINGS);
    await world.post("/auth/login", CREDENTIALS, { ...BACKEND, "gatehouse-backend-secret": SECRET });

    expect((await firstRow("sessions")).ip).toBe("198.51.100.9");
  });

  it.each([
    ["a wrong secret", behind("203.0.113.7", SECRET.replace("c", "d")), SETTINGS],
    ["a part of a secret", behind("203.0.113.7", SECRET.slice(0, -1)), SETTINGS],
    ["both secrets at once", behind("203.0.113.7", SETTINGS.BACKEND_SECRET), SETTINGS],
    ["an empty secret", behind("203.0.113.7", ""), SETTINGS],
    ["no secret", { "gatehouse-end-user-ip": "203.0.113.7" }, SETTINGS],
    ["a secret that nobody set", behind("203.0.113.7"), {}],
    ["an empty secret that nobody set", behind("203.0.113.7", ""), {}],
    ["a wrong secret without an address", { "gatehouse-backend-secret": "canary" }, SETTINGS],
  ])("is refused with 403 for %s", async (_, headers, settings) => {
    const { world } = await createWorldWithJane(settings);
    const before = await dumpRows();
    const { status, json } = await world.post("/auth/login", CREDENTIALS, headers as Record<string, string>);

    expect([status, json.code]).toEqual([403, "invalid_backend_secret"]);
    expect(await dumpRows()).toEqual(before);
  });

  it.each([
    "",
    "unknown",
    "203.0.113.7, 10.0.0.1",
    "203.0.113.7:1234",
    "203.0.113.256",
    "127.0.0.1",
    "::1",
    "[::1]",
    "fe80::1%eth0",
  ])("is refused with 400 for the address %j", async (address) => {
    const { status, json } = await createWorld(SETTINGS).get("/health", behind(address));

    expect([status, json.code]).toEqual([400, "invalid_end_user_ip"]);
  });

  it("is refused with an OAuth error if a form names them wrongly", async () => {
    const headers = behind("203.0.113.7", "canary");
    const body = new URLSearchParams({ username: "janedoe", password: PASSWORD });
    const { status, json } = await createWorld(SETTINGS).send("/auth/login", { method: "POST", headers, body });

    expect([status, json.error]).toEqual([403, "unauthorized_client"]);
  });
});
