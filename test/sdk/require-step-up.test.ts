import { describe, expect, it } from "vitest";
import { createTestClock, createTestIssuer } from "../../src/sdk/testing.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";

describe("requireAuth", () => {
  it("requires re-authentication after maxAuthAge", async () => {
    const clock = createTestClock();
    const { auth, token } = await createTestIssuer(clock);
    const get = guarded({ auth, maxAuthAge: 300, now: clock.now });
    const authorization = bearing(await token());

    clock.advance(300);
    expect((await get(authorization)).status).toBe(200);
    clock.advance(1);
    const refused = await get(authorization);
    expect([refused.status, refused.json.code]).toEqual([401, "insufficient_user_authentication"]);
    expect(refused.challenge).toBe('Bearer realm="gatehouse", error="insufficient_user_authentication", max_age="300"');
  });

  it("requires a second factor with acr, and names everything that it requires", async () => {
    const clock = createTestClock();
    const { auth, token } = await createTestIssuer(clock);
    const get = guarded({ auth, acr: "aal2", maxAuthAge: 300, now: clock.now });
    const [weak, strong] = [bearing(await token()), bearing(await token({ acr: "aal2" }))];

    expect([(await get(strong)).status, (await get(bearing(await token({ amr: ["hwk", "mfa"] })))).status]).toEqual([
      200, 200,
    ]);
    const { status, json, challenge, headers } = await get(weak);
    expect([status, json.code, headers.get("content-type")]).toEqual([
      401,
      "insufficient_user_authentication",
      "application/problem+json",
    ]);
    const parameters = 'error="insufficient_user_authentication", acr_values="aal2", max_age="300"';
    expect(challenge).toBe(`Bearer realm="gatehouse", ${parameters}`);
    expect((await guarded({ auth, acr: "aal2", now: clock.now })(weak)).challenge).not.toContain("max_age");
    clock.advance(301);
    expect((await get(strong)).challenge).toBe(challenge);
  });
});
