import { describe, expect, it } from "vitest";
import { outbox, PROVIDERS } from "../support/outbox.ts";
import { rowCount } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane, dumpRows, PASSWORD } from "../support/world.ts";

describe.each([
  ["/account/password", "old_password", { new_password: "brand-new-horse-8", confirm_password: "brand-new-horse-8" }],
  ["/account/username", "password", { username: "mallory" }],
  ["/account/email", "password", { email: "new@example.com" }],
  ["/account/phone", "password", { phone: "+12025550144" }],
  ["/account/delete", "password", {}],
])("the form at %s", (path, name, fields) => {
  it("requires the password, also right after signing in", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const before = await dumpRows();

    for (const sent of [fields, { ...fields, [name]: "" }]) {
      const { status, text } = await visitor.post(path, sent as unknown as Record<string, string>);
      expect(status).toBe(422);
      expect(text).toMatch(new RegExp(`id="${name}"[^>]*aria-invalid="true"`));
    }
    expect(await dumpRows()).toEqual(before);
    expect(await rowCount("users")).toBe(1);
  });
});

describe("a page that asks for a password", () => {
  const USERNAME = /<input type="text" autocomplete="username" value="([^"]*)"[^>]* hidden/;
  const nameOn = ({ text }: { text: string }) => USERNAME.exec(text)?.[1];
  const PATHS = ["password", "email", "phone", "email/remove", "phone/remove", "delete"].map(
    (path) => `/account/${path}`,
  );

  it("names the account to password managers, as it was typed to sign in", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn("+12025550123");
    for (const path of PATHS) expect([path, nameOn(await visitor.get(path))]).toEqual([path, "+12025550123"]);
    await visitor.get("/account");
    expect(nameOn(await visitor.get("/account/password"))).toBe("+12025550123");
    const refused = await visitor.post("/account/delete", { password: "wrong-horse-7" });
    expect([refused.status, nameOn(refused)]).toEqual([401, "+12025550123"]);

    await visitor.post("/sign-out", {});
    expect([...visitor.cookies]).toEqual([]);
  });

  it("names the account again after a change, and never the account of another user", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    await visitor.post("/account/username", { username: "jane", password: PASSWORD });
    await visitor.get("/account");
    expect(nameOn(await visitor.get("/account/password"))).toBe("jane");

    const cookie = visitor.cookies.get("__Host-account")!;
    visitor.cookies.set("__Host-account", `x${cookie}`);
    expect(nameOn(await visitor.get("/account/password"))).toBeUndefined();
  });

  it("of a reset link names the account only to the browser that requested the link", async () => {
    await outbox.clear();
    const { world } = await createWorldWithJane(PROVIDERS);
    const [own, other] = [createVisitor(world), createVisitor(world)];
    await own.post("/forgot-password", { identifier: "janedoe" });
    await world.flush();
    const link = `/reset-password?token=${(await outbox.first()).token}`;
    for (const visitor of [own, other]) await visitor.get(link);

    expect(nameOn(await own.get("/reset-password/link"))).toBe("janedoe");
    expect(nameOn(await other.get("/reset-password/link"))).toBeUndefined();
  });
});

it("a wrong password in a session is not said to be a missing account", async () => {
  const { world } = await createWorldWithJane();
  const visitor = createVisitor(world);
  await visitor.signIn();
  const fields = { old_password: "wrong-horse-7", new_password: "brand-new-horse-8" };

  const { status, text } = await visitor.post("/account/password", fields);
  expect([status, text.includes("Incorrect password. Try again.")]).toEqual([401, true]);
  expect(text).not.toContain("no such account");
});
