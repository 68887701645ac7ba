import { vi } from "vitest";
import { type createWorld, PASSWORD } from "./world.ts";

/** Fills the hash queue with logins that wait until they are released. */
export async function fillHashQueue(world: ReturnType<typeof createWorld>) {
  const tick = scheduler.wait.bind(scheduler);
  const { promise, resolve } = Promise.withResolvers<void>();
  const wait = vi.spyOn(scheduler, "wait").mockReturnValue(promise);
  const crowd = Array.from({ length: 32 }, () =>
    world.post("/auth/login", { identifier: "janedoe", password: PASSWORD }),
  );
  while (wait.mock.calls.length < 32) await tick(1);
  wait.mockRestore();
  return { crowd, release: resolve };
}
