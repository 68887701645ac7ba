import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { ENROLL, FACTORS, mustEnroll, REQUIRED } from "../support/enrollment.ts";
import { outbox } from "../support/outbox.ts";
import { addPasskey, signInWith } from "../support/passkeys.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import { rowCount, rows, verifyEmails } from "../support/rows.ts";
import { administer, call } from "../support/rpc.ts";
import { base64url } from "../support/security-key.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, type World } from "../support/world.ts";

describe("a sign-in of an account that must add a second factor", () => {
  const ways: Record<string, (world: World) => Promise<unknown>> = {
    "the password": async (world) => (await logIn(world)).json.code,
    "the form of OAuth": async (world) =>
      (await world.form("/auth/login", { username: "janedoe", password: PASSWORD })).json.code,
    "a service binding": async (world) =>
      (await call(world, "login", { identifier: "janedoe", password: PASSWORD })).code,
    "the page": async (world) => {
      const visitor = createVisitor(world);
      await visitor.signIn();
      return visitor.cookies.has("__Host-refresh_token") ? "signed in" : "enrollment_required";
    },
    "the page that verifies the address of a new account": async (world) => {
      const visitor = createVisitor(world);
      await visitor.post("/sign-up", { address: "john@example.com", password: PASSWORD });
      await world.flush();
      await visitor.post("/verify", { identifier: "john@example.com", otp: (await outbox.last()).code });
      expect((await rows("users")).at(-1)).toMatchObject({ email_verified_at: expect.any(Number) });
      return visitor.cookies.has("__Host-refresh_token") ? "signed in" : "enrollment_required";
    },
    "a reset of the password": async (world) => {
      await verifyEmails();
      await world.post("/auth/forgot-password", { email: JANE.email });
      await world.flush();
      const { token } = await outbox.last();
      await world.post("/auth/reset-password", { token, new_password: FRESH_PASSWORD });
      return (await logIn(world, "janedoe", FRESH_PASSWORD)).json.code;
    },
  };

  it.each(Object.entries(ways))("opens no session by %s", async (_, signIn) => {
    const { world } = await mustEnroll();

    expect(await signIn(world)).toBe("enrollment_required");

    expect(await rowCount("sessions")).toBe(0);
  });

  it("by a passkey that verified its user is one of two factors already", async () => {
    const { world } = await mustEnroll();
    const free = createWorld();
    const own = await addPasskey(postTo(free), (await logIn(free)).json.access_token);

    const { status, json } = await world.post("/auth/passkeys/login", {
      credential: await signInWith(postTo(world), own),
    });

    expect([status, decodeJwt(json.access_token)["acr"]]).toEqual([200, "aal2"]);
  });

  it("names the factors that can be added, in the dialect of each door", async () => {
    const { world } = await mustEnroll();
    const step = { login_token: expect.any(String), factors: ["totp", "passkey"] };

    expect((await logIn(world)).json).toMatchObject({ status: 403, ...step });
    const form = await world.form("/auth/login", { username: "janedoe", password: PASSWORD });
    expect([form.status, form.json]).toMatchObject([403, { error: "interaction_required", ...step }]);
    const rpc = await call(world, "login", { identifier: "janedoe", password: PASSWORD });
    expect(rpc.secondFactor).toEqual(step);
  });

  it("is asked of the roles that the policy names, from the next sign-in on", async () => {
    const { world, jane } = await mustEnroll({ MFA_POLICY: "required-for-roles:admin,support" });
    const before = await logIn(world);
    expect(before.status).toBe(200);

    await administer(world, "setRoles", jane.id, ["support"]);

    expect((await logIn(world)).json.code).toBe("enrollment_required");
    expect((await world.refresh(before.json.refresh_token)).status).toBe(200);
    await administer(world, "setRoles", jane.id, ["supporter"]);
    expect((await logIn(world)).status).toBe(200);
  });

  it("asks for a verified address first, and for it again when the factor is added", async () => {
    const both = { ...REQUIRED, REQUIRE_VERIFICATION: "true" };
    const { world, token } = await mustEnroll(both);
    expect((await logIn(world)).json.code).toBe("verification_required");
    await verifyEmails();
    const { path, body } = await FACTORS.totp(world, await token());
    await env.DB.exec("update users set email_verified_at = null");

    expect((await world.post(path, body)).json.code).toBe("verification_required");
    expect([await rowCount("sessions"), await rowCount("recovery_codes")]).toEqual([0, 0]);
  });

  it("leaves open sessions alone, and asks an account that has a factor for that one", async () => {
    const { world, login } = await createWorldWithJane();
    const session = await login();
    const required = createWorld(REQUIRED);
    expect((await required.refresh(session.refresh_token)).status).toBe(200);
    await addApp(postTo(world), (await login()).access_token);

    expect((await logIn(required)).json.code).toBe("second_factor_required");
  });
});

describe("a login token", () => {
  it("to add a factor does not prove one, and opens nothing by itself", async () => {
    const { world, token } = await mustEnroll();
    const login_token = await token();

    for (const [path, body] of [
      ["/auth/login/second-factor", { code: "123456" }],
      ["/auth/login/second-factor/options", {}],
      ["/auth/refresh", { refresh_token: login_token }],
    ] as const) {
      const sent = path === "/auth/refresh" ? body : { login_token, ...body };
      expect([path, (await world.post(path, sent)).status]).toEqual([path, 401]);
    }
    expect((await world.me(login_token)).status).toBe(401);
  });

  it("of a second factor adds none", async () => {
    const { world, login } = await createWorldWithJane();
    const app = await addApp(postTo(world), (await login()).access_token);
    const { login_token } = (await logIn(createWorld(REQUIRED))).json;

    for (const [path, body] of [
      ["totp", {}],
      ["totp/confirm", { code: appCode(app.secret, 1) }],
      ["passkey/options", {}],
    ] as const) {
      const { status, json } = await world.post(`${ENROLL}/${path}`, { login_token, ...body });
      expect([path, status, json.code]).toEqual([path, 401, "invalid_login_token"]);
    }
  });

  it.each(["", "x", "a.b.c", "x".repeat(5000)])("of the text %j adds no factor", async (login_token) => {
    const world = createWorld(REQUIRED);
    expect([401, 422]).toContain((await world.post(`${ENROLL}/totp`, { login_token })).status);
  });
});

describe("the last second factor of an account that must have one", () => {
  it("is not removed, but one of two is", async () => {
    const { world, jane, post, token } = await mustEnroll({ MFA_POLICY: "required-for-roles:admin" });
    await administer(world, "setRoles", jane.id, ["admin"]);
    const { path, body } = await FACTORS.totp(world, await token());
    let { access_token } = await post(path, body);
    const remove = async (what: string) => {
      const { status, json } = await world.call("DELETE", `/users/me/${what}`, { token: access_token });
      access_token = json?.access_token ?? access_token;
      return [status, json?.code];
    };

    expect(await remove("totp")).toEqual([409, "factor_required"]);
    const added = await addPasskey(post, access_token);
    access_token = added.access_token;
    expect(await remove("totp")).toEqual([200, undefined]);
    expect(await remove("passkeys/AAAA")).toEqual([404, "not_found"]);
    // An app that no code has confirmed is none.
    await post("/users/me/totp", {}, access_token);
    const id = `passkeys/${base64url(added.passkey.id)}`;
    expect(await remove(id)).toEqual([409, "factor_required"]);
    expect(await rowCount("recovery_codes")).toBe(10);
    await administer(world, "setRoles", jane.id, []);
    expect(await remove(id)).toEqual([200, undefined]);
    expect(await rowCount("recovery_codes")).toBe(0);
  });
});
