import { describe, expect, it } from "vitest";
import { rowCount } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane, dumpRows } from "../support/world.ts";

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
