import { describe, expect, it } from "vitest";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane, dumpRows, PASSWORD } from "../support/world.ts";

const ACCESS = "__Host-access_token";
const UNSENT = "__Host-unsent_form";
const NOTICE = "Your session had ended, so nothing was saved.";

/** A visitor who has a form of an account open, whose session then ends. */
async function createSignedOut() {
  const { world, jane } = await createWorldWithJane();
  const visitor = createVisitor(world);
  await visitor.signIn();
  const access = visitor.cookies.get(ACCESS)!;
  await world.post("/auth/logout", { scope: "global" }, { authorization: `Bearer ${access}` });
  const sendTo = async (path: string, fields: Record<string, string>) => {
    let sent = await visitor.post(`${path}?user=${jane.id}`, fields);
    if (sent.status === 307) sent = await visitor.post(sent.location!, fields);
    return sent;
  };
  return { world, jane, visitor, sendTo };
}

describe("a form that is sent after its session ended", () => {
  const password = { password: PASSWORD };
  const fields = { old_password: PASSWORD, new_password: "brand-new-horse-8", confirm_password: "brand-new-horse-8" };

  it.each([
    ["with an access token", () => {}],
    ["without an access token", (cookies: Map<string, string>) => cookies.delete(ACCESS)],
    ["without cookies", (cookies: Map<string, string>) => cookies.clear()],
  ])("changes nothing, and leads back with what was typed, %s", async (_, loseCookies) => {
    const { visitor, sendTo } = await createSignedOut();
    const before = await dumpRows();
    loseCookies(visitor.cookies);
    const { location } = await sendTo("/account/email", { email: "new@example.com", ...password });

    expect(location).toBe("/sign-in?notice=unsent&return_to=%2Faccount%2Femail%3Fnotice%3Dunsent");
    expect(await dumpRows()).toEqual(before);
    expect([...visitor.cookies.keys()]).toEqual([UNSENT]);
    expect(visitor.cookies.get(UNSENT)).not.toContain(PASSWORD);
    const asked = await visitor.get(location!);
    expect(asked.text).toContain(NOTICE);
    const back = await visitor.post("/sign-in", {
      identifier: "janedoe",
      ...password,
      return_to: "/account/email?notice=unsent",
    });
    expect(back.location).toBe("/account/email?notice=unsent");
    const form = await visitor.get(back.location!);
    expect(form.text).toContain(NOTICE);
    expect(form.text).toContain('value="new@example.com"');
    expect(visitor.cookies.has(UNSENT)).toBe(false);
  });

  it("never stores a password, a code or a token", async () => {
    const { visitor, sendTo } = await createSignedOut();
    for (const [path, typed] of [
      ["/account/password", fields],
      ["/account/email/confirm", { otp: "123456" }],
      ["/account/confirm-identity", { code: "123456" }],
      ["/account/delete", { ...password, turnstile_token: "secret" }],
    ] as const) {
      await sendTo(path, typed);
      expect(decodeURIComponent(visitor.cookies.get(UNSENT)!)).toMatch(/^user=[\w-]+&path=[\w%-]+$/);
    }
  });

  it("shows what was typed to no other user", async () => {
    const { world, visitor, sendTo } = await createSignedOut();
    await world.post("/auth/register", { email: "john@example.com", ...password });
    await sendTo("/account/profile", { first_name: "Janet" });
    await visitor.signIn("john@example.com");

    expect((await visitor.get("/account/profile?notice=unsent")).text).not.toContain("Janet");
    expect(visitor.cookies.has(UNSENT)).toBe(false);
  });

  it.each(["/account/sessions/end", "/account/sessions/end-others"])("leads from %s back to its list", async (path) => {
    const { visitor, sendTo } = await createSignedOut();
    visitor.cookies.delete(ACCESS);
    const { location } = await sendTo(path, path.endsWith("end") ? { id: "x" } : {});
    expect(location).toContain(encodeURIComponent(`${path}?notice=unsent`));
    await visitor.signIn();
    const back = await visitor.get(`${path}?notice=unsent`);

    expect(back.location).toBe("/account/sessions?notice=unsent");
    expect((await visitor.get(back.location!)).text).toContain(NOTICE);
  });
});
