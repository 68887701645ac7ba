import { describe, expect, it } from "vitest";
import { createDevice, poll, send, stoppedClock, told } from "../support/device.ts";
import { createSignedIn, register, startDevice } from "../support/oauth.ts";
import { rowCount, rows } from "../support/rows.ts";

describe("starting a device", () => {
  it.each([
    ["an unknown client", { client_id: "x" }, 401, "invalid_client"],
    ["a secret that the client does not have", { client_secret: "x" }, 401, "invalid_client"],
    ["an unknown resource", { resource: "https://other.example" }, 400, "invalid_target"],
  ])("is refused for %s, and stores nothing", async (_, fields, status, error) => {
    const { world, device } = await createDevice();
    const before = await rowCount("oauth_device_codes");
    const { client_id } = device;

    const started = await world.form("/oauth/device_authorization", { client_id, ...fields } as Record<string, string>);

    expect(told(started)).toEqual([status, error]);
    expect(await rowCount("oauth_device_codes")).toBe(before);
  });

  it("is refused for a client without the grant", async () => {
    const { world } = await createSignedIn();
    const { client, secret = "" } = await register(world);

    const form = { client_id: client.client_id, client_secret: secret };
    expect(told(await world.form("/oauth/device_authorization", form))).toEqual([400, "unauthorized_client"]);
  });

  it("leaves out scopes that the client may not have", async () => {
    const { world, visitor } = await createSignedIn();
    const device = await startDevice(world, { scopes: ["openid"] }, { scope: "email openid nothing" });
    await visitor.post("/device", { code: device.user_code, answer: "allow" });

    expect((await poll(world, device)).json.scope).toBe("openid");
  });

  it("is bounded for a network, and works again when the codes have expired", async () => {
    const { world, device } = await createDevice();
    const { client_id } = device;
    const clock = stoppedClock();
    const start = (n: number) => send(world, "/oauth/device_authorization", { client_id }, `198.18.21.${n}`);
    for (let n = 0; n < 50; n++) expect((await start(n)).status).toBe(200);

    expect(told(await start(99))).toEqual([429, "temporarily_unavailable"]);
    expect((await send(world, "/oauth/device_authorization", { client_id }, "198.18.22.1")).status).toBe(200);
    clock.advance(601);
    expect((await start(100)).status).toBe(200);
  });

  it("stores no code that could be used", async () => {
    const { device } = await createDevice();
    const stored = JSON.stringify(await rows("oauth_device_codes"));

    expect(stored).not.toContain(device.device_code);
    expect(stored).not.toContain(device.user_code.slice(0, 4));
  });
});
