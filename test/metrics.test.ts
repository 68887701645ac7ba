import { describe, expect, it, vi } from "vitest";
import { appCode, postTo, wrongAppCode } from "./support/authenticator.ts";
import { guess } from "./support/guesses.ts";
import { fillHashQueue } from "./support/hash-queue.ts";
import { byCode, requestCode } from "./support/login-codes.ts";
import { recordingMetrics } from "./support/metrics.ts";
import { MAIL, NO_COOLDOWN, script } from "./support/outbox.ts";
import { signInWith } from "./support/passkeys.ts";
import { PASSWORD } from "./support/passwords.ts";
import { logIn, people, wrongCode } from "./support/people.ts";
import { bodyOf } from "./support/routes.ts";
import { verifyEmails } from "./support/rows.ts";
import { call } from "./support/rpc.ts";
import { UP } from "./support/security-key.ts";
import { createWorld, createWorldWithJane } from "./support/world.ts";

/** A service with metrics, and what it wrote. */
function measured() {
  const { METRICS, ...written } = recordingMetrics();
  return { ...written, world: createWorld({ ...NO_COOLDOWN, METRICS }) };
}

describe("the metrics", () => {
  it("have a data point for each request, with the route instead of the path", async () => {
    const { world, points, blobs, doubles } = measured();

    await world.get("/health?token=canary");
    await world.get("/canary");
    await world.post("/auth/reset-password/canary", bodyOf("POST /auth/reset-password/{token}"));
    await call(world, "verify", "canary");

    expect(blobs("request")).toEqual([
      ["GET", "/health", "2xx", ""],
      ["GET", "/*", "4xx", "not_found"],
      ["POST", "/auth/reset-password/:token", "4xx", "invalid_token"],
      ["RPC", "AuthService.verify", "4xx", "unauthenticated"],
    ]);
    expect(doubles("request")).toEqual([200, 404, 400, 401].map((status) => [expect.any(Number), status]));
    expect(JSON.stringify(points)).not.toContain("canary");
  });

  it("count sign-ins by method and how they ended", async () => {
    await createWorldWithJane();
    await verifyEmails();
    const { world, blobs } = measured();

    await guess(world);
    await logIn(world);
    const { code } = await requestCode(world);
    await byCode(world, wrongCode(code));
    await byCode(world, code);

    expect(blobs("security")).toEqual([
      ["login_failed", "password"],
      ["logged_in", "password"],
      ["otp_failed", "code"],
      ["logged_in", "code"],
    ]);
  });

  it("count a sign-in with two factors by the first one", async () => {
    const { app } = await people.jane.withApp();
    const { world, blobs } = measured();

    const { login_token } = (await logIn(world)).json;
    await world.post("/auth/login/second-factor", { login_token, code: wrongAppCode(app.secret) });
    await world.post("/auth/login/second-factor", { login_token, code: appCode(app.secret, 1) });

    expect(blobs("security")).toEqual([
      ["second_factor_failed", "password"],
      ["logged_in", "password"],
    ]);
  });

  it("count sign-ins by passkey", async () => {
    const { own } = await people.jane.withPasskey();
    const { world, blobs } = measured();
    const signIn = async (deviation = {}) =>
      world.post("/auth/passkeys/login", { credential: await signInWith(postTo(world), own, deviation) });

    await signIn({ flags: UP });
    await signIn();

    expect(blobs("security")).toEqual([
      ["login_failed", "passkey"],
      ["logged_in", "passkey"],
    ]);
  });

  it("measure how many requests wait for a password hash, and those that are refused", async () => {
    const { world, blobs, doubles } = measured();
    await createWorldWithJane();

    const { crowd, release } = await fillHashQueue(world);
    const refused = await logIn(world);
    release();
    await Promise.all(crowd);

    expect(refused.json.code).toBe("overloaded");
    expect(blobs("hash")).toEqual([["overloaded"], ...Array(32).fill(["started"])]);
    expect(doubles("hash").map(([waiting]) => waiting)).toEqual(Array.from({ length: 33 }, (_, n) => 32 - n));
  });

  it("count messages by kind, channel and how the attempt ended", async () => {
    const { world, blobs, doubles } = measured();
    await createWorldWithJane();
    const link = { kind: "password-reset-link", identifier: { kind: "username", value: "janedoe" } };
    const timestamp = new Date(Date.now() - 90_000);

    await script({ status: 500, body: "{}" });
    await world.deliver([link], { timestamp });
    await world.deliver([link], { timestamp, attempts: 2 });
    await world.deliver([{ ...link, identifier: { kind: "username", value: "nobody" } }]);
    await world.deliver([{ kind: "A canary" }]);
    await world.deliver([link], { queue: "gatehouse-messages-dead" });

    expect(blobs("message")).toEqual([
      ["password-reset-link", "mail", "retry", expect.stringMatching(/^resend_/)],
      ["password-reset-link", "mail", "sent", ""],
      ["password-reset-link", "", "skipped", ""],
      ["unknown", "", "refused", "malformed"],
      ["password-reset-link", "", "dead", "never_sent"],
    ]);
    const [, [attempts, age] = []] = doubles("message");
    expect(attempts).toBe(2);
    expect(age).toBeGreaterThanOrEqual(90_000);
  });

  it("hurt no request if their binding fails", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const METRICS = {
      writeDataPoint: () => {
        throw new Error("canary");
      },
    } as unknown as AnalyticsEngineDataset;
    const { world, jane } = await createWorldWithJane({ ...MAIL, METRICS });

    expect((await logIn(world)).status).toBe(200);
    expect((await logIn(world, jane.email, `${PASSWORD}!`)).status).toBe(401);
    await world.post("/auth/forgot-password", { identifier: "janedoe" });
    expect((await world.deliver(world.sent)).acked).toHaveLength(1);
    expect((await world.get("/health/ready")).status).toBe(200);

    const failures = log.mock.calls.map(([line]) => JSON.parse(line)).filter(({ event }) => event === "metrics_failed");
    expect(failures.length).toBeGreaterThan(5);
    expect(JSON.stringify(failures)).not.toContain("canary");
  });
});
