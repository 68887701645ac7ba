import { expect, it } from "vitest";
import { eachInItsClone, post, start } from "./server.ts";

eachInItsClone();

it("goes on after a crowd that leaves in the middle of its logins", { timeout: 120_000 }, async () => {
  const url = await start();
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

  // Those that left may still hold their places, but not for longer than the lease, which is two seconds.
  const login = async () => (await post(`${url}/auth/login`, account)).status;
  await expect.poll(login, { timeout: 40_000, interval: 500 }).toBe(200);
  await new Promise((resume) => setTimeout(resume, 4000));
  const statuses = await Promise.all(Array.from({ length: 40 }, login));
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(32);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
});
