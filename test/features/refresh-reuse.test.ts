import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { interruptedD1, NO_SESSION_LIMIT } from "../support/bindings.ts";
import { atOnce } from "../support/race.ts";
import { codeOf, DAY, generationOf, SECOND, START } from "../support/refresh-tokens.ts";
import { eventSessions, firstRow } from "../support/rows.ts";
import { createWorld, createWorldWithJane, ISSUER, JSON_TYPE, sidOf, stopClock } from "../support/world.ts";

describe("a refresh token used twice", () => {
  it("returns the same generation to fifty parallel refreshes", async () => {
    const { world, login } = await createWorldWithJane(NO_SESSION_LIMIT);
    const { refresh_token } = await login();

    const answers = await atOnce(50, () => world.refresh(refresh_token));

    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(answers.map(({ json }) => generationOf(json.refresh_token))).toEqual(Array(50).fill(1));
    expect((await firstRow("sessions")).generation).toBe(1);

    const next = await Promise.all(answers.map(({ json }) => world.refresh(json.refresh_token)));
    expect(next.map(({ json }) => generationOf(json.refresh_token))).toEqual(Array(50).fill(2));
  });

  it("is accepted for thirty seconds, then ends the session", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(START);
    const { refresh_token } = await login();
    stopClock(START + DAY);
    const { json: successor } = await world.refresh(refresh_token);

    stopClock(START + DAY + 30 * SECOND - 1);
    const retried = await world.refresh(refresh_token);
    stopClock(START + DAY + 30 * SECOND);
    const replayed = await codeOf(world.refresh(refresh_token));

    expect(generationOf(retried.json.refresh_token)).toBe(1);
    expect(replayed).toEqual([401, "refresh_token_reused"]);
    for (const tokens of [successor, retried.json]) {
      expect(await codeOf(world.refresh(tokens.refresh_token))).toEqual([401, "invalid_refresh_token"]);
      expect((await world.me(tokens.access_token)).status).toBe(401);
    }
    expect(await codeOf(world.refresh(refresh_token))).toEqual([401, "invalid_refresh_token"]);
  });

  it.each([
    ["network", { "cf-connecting-ip": "192.0.2.72" }],
    ["user agent", { "user-agent": "Thief/1" }],
  ])(
    "is reported if it comes from another %s, and from another user agent raises the generation",
    async (where, thief) => {
      const { world, login } = await createWorldWithJane();
      const home = { "cf-connecting-ip": "192.0.2.71", "user-agent": "Owner/1" };
      const refresh = (refresh_token: string, headers: Record<string, string>) =>
        world.post("/auth/refresh", { refresh_token }, headers);
      stopClock(START);
      const { refresh_token: stolen } = await login(home);
      const { json: own } = await refresh(stolen, home);

      const { json: followed } = await refresh(stolen, { ...home, ...thief });
      const again = await refresh(stolen, { ...home, ...thief });

      const isNetwork = where === "network";
      const generations = [own, followed].map((tokens) => generationOf(tokens.refresh_token));
      expect(generations).toEqual([1, isNetwork ? 1 : 2]);
      expect(new Set(await eventSessions("refresh_token_replayed"))).toEqual(new Set([sidOf(own.access_token)]));
      expect([again.status, again.json.code]).toEqual(isNetwork ? [200, undefined] : [401, "refresh_token_reused"]);
    },
  );

  it("ends the session at the owner's next refresh after a thief has followed", async () => {
    const { world, login } = await createWorldWithJane();
    const thief = { "user-agent": "Thief/1" };
    stopClock(START);
    const { refresh_token: stolen } = await login();
    const { json: own } = await world.refresh(stolen);
    const { json: followed } = await world.post("/auth/refresh", { refresh_token: stolen }, thief);

    stopClock(START + 900 * SECOND);

    expect(await codeOf(world.refresh(own.refresh_token))).toEqual([401, "refresh_token_reused"]);
    expect(await codeOf(world.refresh(followed.refresh_token))).toEqual([401, "invalid_refresh_token"]);
  });

  it("does not extend its window by a retry", async () => {
    const { world, login } = await createWorldWithJane();
    stopClock(START);
    const { refresh_token } = await login();
    await world.refresh(refresh_token);

    stopClock(START + 20 * SECOND);
    expect((await world.refresh(refresh_token)).status).toBe(200);
    stopClock(START + 40 * SECOND);
    expect(await codeOf(world.refresh(refresh_token))).toEqual([401, "refresh_token_reused"]);
  });

  it("ends the session immediately if it is two generations old", async () => {
    const { world, login } = await createWorldWithJane();
    const { refresh_token } = await login();
    const { json: second } = await world.refresh(refresh_token);
    const { json: third } = await world.refresh(second.refresh_token);

    expect(await codeOf(world.refresh(refresh_token))).toEqual([401, "refresh_token_reused"]);
    expect(await codeOf(world.refresh(third.refresh_token))).toEqual([401, "invalid_refresh_token"]);
  });

  it("is refused immediately if the reuse window is zero", async () => {
    const { login } = await createWorldWithJane();
    const strict = createWorld({ REFRESH_REUSE_WINDOW_SECONDS: "0" });
    const { refresh_token } = await login();

    expect((await strict.refresh(refresh_token)).status).toBe(200);
    expect(await codeOf(strict.refresh(refresh_token))).toEqual([401, "refresh_token_reused"]);
  });

  it("ends the session even if the client disconnects", async () => {
    const { world, login } = await createWorldWithJane();
    const { refresh_token: stolen } = await login();
    const { json: second } = await world.refresh(stolen);
    const { json: third } = await world.refresh(second.refresh_token);
    const [begun, context] = [Promise.withResolvers<void>(), createExecutionContext()];
    const slow = interruptedD1(env.DB, 2, async () => {
      begun.resolve();
      await scheduler.wait(50);
    });

    const body = JSON.stringify({ refresh_token: stolen });
    const request = new Request(`${ISSUER}/auth/refresh`, { method: "POST", headers: JSON_TYPE, body });
    void worker.fetch(request as Parameters<typeof worker.fetch>[0], { ...world.env, DB: slow }, context);
    await begun.promise;
    await waitOnExecutionContext(context);

    expect(await codeOf(world.refresh(third.refresh_token))).toEqual([401, "invalid_refresh_token"]);
  });

  it("ends only its own session, once, with one event and one denylist entry", async () => {
    const { world, login } = await createWorldWithJane();
    const [stolen, other] = [await login(), await login()];
    const { json: second } = await world.refresh(stolen.refresh_token);
    await world.refresh(second.refresh_token);

    const replays = await atOnce(20, () => world.refresh(stolen.refresh_token));

    expect(replays.map(({ status }) => status)).toEqual(Array(20).fill(401));
    expect(replays.filter(({ json }) => json.code === "refresh_token_reused")).toHaveLength(1);
    const sid = sidOf(stolen.access_token);
    expect(await eventSessions("refresh_token_reused")).toEqual([sid]);
    expect(await env.DENYLIST.get(`sid:${sid}`)).not.toBeNull();
    expect(world.sent).toEqual([{ kind: "notice", id: expect.any(String) }]);
    expect((await world.refresh(other.refresh_token)).status).toBe(200);
  });
});
