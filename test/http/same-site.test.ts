import { describe, expect, it } from "vitest";
import { createWorldWithJane, PASSWORD, sidOf } from "../support/world.ts";

const APP = "https://app.test";
const CREDENTIALS = { identifier: "janedoe", password: PASSWORD, transport: "cookie" };

const cookieOf = (headers: Headers) => headers.get("set-cookie")?.split(";")[0] ?? "";

describe("a cookie of the service", () => {
  it.each([
    ["Lax", "SameSite=Lax"],
    ["Strict", "SameSite=Strict"],
    ["None", "SameSite=None; Partitioned"],
  ])("has the configured SameSite=%s, also when a logout deletes it", async (COOKIE_SAMESITE, attributes) => {
    const { world } = await createWorldWithJane({ COOKIE_SAMESITE });

    const { headers } = await world.post("/auth/login", CREDENTIALS, { origin: APP });
    const cookies = headers.getSetCookie();
    const out = await world.call("POST", "/auth/logout", { headers: { cookie: cookieOf(headers), origin: APP } });

    expect([...cookies, ...out.headers.getSetCookie()].map((cookie) => cookie.split("; Secure; ")[1])).toEqual(
      Array(3).fill(attributes),
    );
  });

  it("set by a page has the configured SameSite, and the page's own cookies stay with this site", async () => {
    const { world } = await createWorldWithJane({ COOKIE_SAMESITE: "None" });

    const { headers } = await world.form("/sign-in", { identifier: "janedoe", password: PASSWORD });

    const attributes = headers.getSetCookie().map((cookie) => [cookie.split("=")[0], cookie.split("SameSite=")[1]]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      "__Host-access_token": "Lax",
      "__Host-refresh_token": "None; Partitioned",
      "__Host-device_token": "None; Partitioned",
    });
  });

  it("that is partitioned counts, if the browser still has an older one that is not", async () => {
    const { world } = await createWorldWithJane();
    const logIn = () => world.post("/auth/login", CREDENTIALS, { origin: APP });
    const [older, newer] = [await logIn(), await logIn()];

    const { json } = await world.call("POST", "/auth/refresh", {
      headers: { cookie: `${cookieOf(older.headers)}; ${cookieOf(newer.headers)}`, origin: APP },
    });

    expect(sidOf(json.access_token)).toBe(sidOf(newer.json.access_token));
  });
});
