import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Settings } from "../support/bindings.ts";
import { disableUsers, enableUsers } from "../support/rows.ts";
import { administer, type Outcome } from "../support/rpc.ts";
import { insertTotp, setRoles } from "../support/staff.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane } from "../support/world.ts";

describe("identifyAdministrator", () => {
  /** Jane, signed in to the pages, with these roles. */
  async function createPageUser(roles = ["admin"], settings: Settings = {}) {
    const { world, jane } = await createWorldWithJane(settings);
    await setRoles(jane.id, ...roles);
    const visitor = createVisitor(world);
    await visitor.signIn();
    const identify = () => administer(world, "identifyAdministrator", headersOf(visitor));
    return { world, jane, visitor, identify };
  }

  const headersOf = ({ cookies }: { cookies: Map<string, string> }) =>
    new Headers({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") });

  it.each(["admin", "owner"])("finds the user with the role %s in one trip", async (role) => {
    const { world, jane, identify } = await createPageUser(["editor", role]);
    let found: Outcome;
    const cost = await world.cost(async () => (found = await identify()));
    expect(found).toEqual({
      ok: true,
      value: {
        id: jane.id,
        username: jane.username,
        display_name: jane.username,
        email: jane.email,
        roles: ["editor", role],
        aal: "aal1",
        has_factor: false,
        authenticated_at: expect.stringMatching(/^20\d\d-.*Z$/),
        fresh: true,
        locale: null,
      },
    });
    expect(cost).toEqual({ d1: 1, kv: 0, queue: 0 });
  });

  it("refuses a user without the role, also one who had it a moment ago", async () => {
    const { jane, identify } = await createPageUser(["administrator", "editor"]);
    expect(await identify()).toEqual({ ok: false, code: "forbidden" });
    await setRoles(jane.id, "admin");
    expect(await identify()).toMatchObject({ ok: true });
    await setRoles(jane.id);
    expect(await identify()).toEqual({ ok: false, code: "forbidden" });
  });

  it("refuses a session that has ended, and a disabled account", async () => {
    const { world, jane, identify } = await createPageUser();
    await disableUsers();
    expect(await identify()).toEqual({ ok: false, code: "unauthenticated" });
    await enableUsers();
    expect(await identify()).toMatchObject({ ok: true });
    await administer(world, "endSessions", jane.id);
    expect(await identify()).toEqual({ ok: false, code: "unauthenticated" });
  });

  it("asks an account with a second factor for it", async () => {
    const { jane, identify } = await createPageUser();
    await insertTotp(jane.id);
    expect(await identify()).toEqual({ ok: false, code: "reauthentication_required", acr: "aal2" });
    await env.DB.exec(`update sessions set amr = '["pwd","otp","mfa"]'`);
    expect(await identify()).toMatchObject({ value: { aal: "aal2", has_factor: true, fresh: true } });
  });

  it("tells a proof that is too old for an act", async () => {
    const { identify } = await createPageUser(["admin"], { REAUTHENTICATION_SECONDS: "120" });
    await env.DB.exec("update sessions set authenticated_at = authenticated_at - 119000");
    expect(await identify()).toMatchObject({ value: { fresh: true } });
    await env.DB.exec("update sessions set authenticated_at = authenticated_at - 2000");
    expect(await identify()).toMatchObject({ value: { fresh: false } });
  });

  it("takes the cookies of the pages, and nothing else", async () => {
    const { world, visitor } = await createPageUser();
    const identify = (...args: unknown[]) => administer(world, "identifyAdministrator", ...args);
    const [access = "", refresh = ""] = ["access_token", "refresh_token"].map((name) =>
      visitor.cookies.get(`__Host-${name}`),
    );
    const bearer = new Headers({ authorization: `Bearer ${access}` });
    const alone = headersOf({ cookies: new Map([["__Host-access_token", access]]) });
    const plain = headersOf({ cookies: new Map(Object.entries({ access_token: access, refresh_token: refresh })) });
    const broken = headersOf({ cookies: new Map([...visitor.cookies, ["__Host-access_token", "x.y.z"]]) });
    const plainObject = { cookie: headersOf(visitor).get("cookie") };
    for (const headers of [undefined, null, {}, [], "x", new Headers(), plainObject, bearer, alone, plain, broken])
      expect(await identify(headers)).toEqual({ ok: false, code: "unauthenticated" });
  });
});
