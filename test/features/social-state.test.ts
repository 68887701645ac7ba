import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { interruptedD1 } from "../support/bindings.ts";
import { PASSWORD } from "../support/passwords.ts";
import { atOnce, count } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import {
  ANN,
  comeBack,
  createSocialWorld,
  sessionOf,
  settingsFor,
  signedUpAt,
  signInAt,
  start,
  vouch,
} from "../support/social.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, dumpRows, stopClock } from "../support/world.ts";

type Browser = ReturnType<typeof createVisitor>;

describe("a state", () => {
  it("works once when fifty callbacks race", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);
    const cookies = new Map(visitor.cookies);
    const answers = await atOnce(50, async () => {
      const tab = createVisitor(world);
      for (const [name, value] of cookies) tab.cookies.set(name, value);
      return comeBack(tab, { code: "code-1", state });
    });

    expect(
      count(
        answers.map(({ location }) => location ?? ""),
        "/account",
      ),
    ).toBe(1);
    expect(answers.every(({ status }) => [303, 400].includes(status))).toBe(true);
    expect([await rowCount("sessions"), await rowCount("users")]).toEqual([1, 1]);
    expect(await rowCount("lockouts")).toBe(0);
  });

  it("works once for a user with a linked identity too, and where a second step follows", async () => {
    const { world, acme } = await createSocialWorld();
    await signedUpAt(world, acme);
    for (const policy of ["optional", "required"]) {
      const strict = createWorld({ ...settingsFor({ acme }), MFA_POLICY: policy === "required" ? "required" : "" });
      const visitor = createVisitor(strict);
      const { state, nonce } = await start(visitor);
      await vouch(acme, nonce, ANN);
      expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(303);
      const again = await comeBack(visitor, { code: "code-1", state });
      expect([again.status, again.text.includes("invalid_state")]).toEqual([400, false]);
    }
  });

  it("stays unused if somebody takes the address before the account is created", async () => {
    const { world, acme } = await createSocialWorld();
    const takeAddress = () => world.post("/auth/register", { email: ANN.email, password: PASSWORD });
    const raced = createWorld({ ...settingsFor({ acme }), DB: interruptedD1(env.DB, 2, takeAddress) });
    const visitor = createVisitor(raced);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);

    expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(400);
    expect([await rowCount("users"), await rowCount("identities"), await rowCount("spent_challenges")]).toEqual([
      1, 0, 0,
    ]);
    expect((await comeBack(visitor, { code: "code-1", state })).location).toBe("/sign-in?link=acme");
  });

  it.each([
    ["of another browser", async (visitor: Browser) => void visitor.cookies.set("__Host-social", "x".repeat(43))],
    ["in a browser without its cookie", async (visitor: Browser) => void visitor.cookies.clear()],
    ["after ten minutes", async () => stopClock(Date.now() + 600_001)],
  ])("%s is refused before the provider is asked", async (_, act) => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(acme, nonce, ANN);
    const asked = (await acme.received()).length;
    await act(visitor);
    const before = await dumpRows();

    expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(400);
    expect([await dumpRows(), (await acme.received()).length]).toEqual([before, asked]);
  });

  it("of one provider is refused at the callback of another", async () => {
    const { world, other } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { state, nonce } = await start(visitor);
    await vouch(other, nonce, ANN);

    expect((await comeBack(visitor, { code: "code-1", state }, "other")).status).toBe(400);
    expect(await rowCount("users")).toBe(0);
  });

  it("that an attacker started signs no victim in as the attacker", async () => {
    const { world, acme } = await createSocialWorld();
    const attacker = createVisitor(world);
    const { state, nonce } = await start(attacker);
    await vouch(acme, nonce, { ...ANN, sub: "attacker" });
    const victim = createVisitor(world);
    await start(victim);

    expect((await comeBack(victim, { code: "code-1", state })).status).toBe(400);
    expect(sessionOf(victim)).toBeUndefined();
  });

  it.each(["", "x", "A".repeat(60)])("that is %j is refused", async (state) => {
    const { world } = await createSocialWorld();
    const visitor = createVisitor(world);
    await start(visitor);

    expect((await comeBack(visitor, { code: "code-1", state })).status).toBe(400);
  });

  it("keeps the code verifier and the return address unreadable, and binds the verifier", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const { url, state, nonce } = await start(visitor, "/auth/social/acme?return_to=https://app.test/canary");
    await vouch(acme, nonce, ANN);
    await comeBack(visitor, { code: "code-1", state });
    const token = (await acme.received()).find(({ path }) => path === "/token");
    const verifier = new URLSearchParams(token?.body).get("code_verifier") ?? "";
    const digest = await crypto.subtle.digest("SHA-256", Buffer.from(verifier));

    expect(url?.searchParams.get("code_challenge")).toBe(Buffer.from(digest).toString("base64url"));
    expect(`${url} ${[...visitor.cookies]} ${Buffer.from(state, "base64url")}`).not.toMatch(
      new RegExp(`${verifier}|canary`),
    );
  });

  it("of each of two tabs works, and leads where its tab was going", async () => {
    const { world, acme } = await createSocialWorld();
    const visitor = createVisitor(world);
    const first = await start(visitor, "/auth/social/acme?return_to=/account/sessions");
    const second = await start(visitor, "/auth/social/acme?return_to=https://app.test/x");
    await vouch(acme, first.nonce, ANN);
    const one = await comeBack(visitor, { code: "code-1", state: first.state });
    await vouch(acme, second.nonce, ANN);
    const two = await comeBack(visitor, { code: "code-2", state: second.state });

    expect([one.location, two.location]).toEqual(["/account/sessions", "https://app.test/x"]);
  });
});

describe("the start", () => {
  it.each(["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)"])(
    "never leads back to %s",
    async (return_to) => {
      const { world, acme } = await createSocialWorld();
      const path = `/auth/social/acme?${new URLSearchParams({ return_to })}`;

      expect((await signInAt(createVisitor(world), acme, ANN, { path })).location).toBe("/account");
    },
  );

  it("knows only the configured providers", async () => {
    const { world } = await createSocialWorld();
    for (const path of ["/auth/social/nope", "/auth/social/nope/callback?code=1&state=2"])
      expect((await createVisitor(world).get(path)).status).toBe(404);
  });

  it("sets a cookie that scripts cannot read and forms of other sites do not send", async () => {
    const { world } = await createSocialWorld();
    const { headers } = await world.get("/auth/social/acme", { "sec-fetch-mode": "navigate" });

    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-social=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });
});
