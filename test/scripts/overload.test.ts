import { expect, it } from "vitest";
import { eachInItsClone, post, start } from "../support/clone-server.ts";

eachInItsClone();

it("the service recovers from a crowd of cancelled logins", { timeout: 180_000 }, async () => {
  // The faster engine: the test needs many logins.
  const url = await start("--var", "SCRYPT_ENGINE:node");
  const account = { email: "jane@example.com", password: "correct-horse-7" };
  expect((await post(`${url}/auth/register`, account)).status).toBe(201);

  const crowd = Array.from({ length: 40 }, (_, n) =>
    fetch(`${url}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
      signal: AbortSignal.timeout(20 * n),
    }).then(
      ({ status }) => status,
      () => "left",
    ),
  );
  expect(await Promise.all(crowd)).toContain("left");

  // Cancelled requests may wait or hold places until their lease ends. Then all places are free.
  const login = async () => (await post(`${url}/auth/login`, account)).status;
  const burst = async () => {
    const statuses = await Promise.all(Array.from({ length: 40 }, login));
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    return statuses.filter((status) => status === 200).length;
  };
  await expect.poll(burst, { timeout: 120_000, interval: 1000 }).toBeGreaterThanOrEqual(32);
});
