import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { later } from "../support/app-visitor.ts";
import { created } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { rowCount } from "../support/rows.ts";
import { BE, BS, createPasskey, UP, UV } from "../support/security-key.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane } from "../support/world.ts";

const LIST = "/account/passkeys";

/** Adds a passkey of Jane on the pages, as the script does. */
async function enroll(visitor: ReturnType<typeof createVisitor>, deviation = {}) {
  const { text } = await visitor.post(`${LIST}/add`, { password: PASSWORD });
  const options = JSON.parse(/data-passkey="([^"]*)"/.exec(text)?.[1]?.replaceAll("&quot;", '"') ?? "{}");
  const key = await createPasskey();
  const credential = JSON.stringify(created(key, options, deviation));
  return { options, key, credential, text, added: await visitor.post(`${LIST}/create`, { credential }) };
}

async function signedIn() {
  const { world } = await createWorldWithJane();
  const visitor = createVisitor(world);
  await visitor.signIn();
  return { world, visitor };
}

describe("the page of the passkeys", () => {
  it("adds the first one with recovery codes, which are shown once", async () => {
    const { visitor } = await signedIn();
    expect((await visitor.get("/account")).text).toContain("None yet");
    const { text, added, options } = await enroll(visitor);
    expect(text).toMatch(/data-exists="This device already has a passkey for your account."/);
    expect(added.location).toBe("/account/recovery-codes?notice=passkeyAdded");
    expect((await visitor.get(added.location!)).text).toContain("Passkey added.");

    const list = await visitor.get(LIST);
    expect(list.text).toContain("Not used yet");
    expect(list.text).not.toContain("Synced");
    expect(list.text).toContain(`&quot;userId&quot;:&quot;${options.user.id}&quot;`);
    expect((await visitor.get("/account")).text).toContain("1 passkey");
    const second = await enroll(visitor, { flags: UP | UV | 0x40 | BE | BS });
    expect(second.added.location).toBe(`${LIST}?notice=passkeyAdded`);
    expect((await visitor.get(second.added.location!)).text).toContain("Synced");
  });

  it("asks for the password if the sign-in is not recent, and adds nothing for a refused response", async () => {
    const { visitor } = await signedIn();
    later(6);
    const { text } = await visitor.get(`${LIST}/add`);
    expect([text.includes('name="password"'), text.includes("data-passkey")]).toEqual([true, false]);
    expect((await visitor.post(`${LIST}/add`, { password: "wrong-horse-1" })).status).toBe(401);
    const { added } = await enroll(visitor, { flags: 0x40 });
    expect([added.location, await rowCount("passkeys")]).toEqual([`${LIST}/add?notice=rejected`, 0]);
    expect((await visitor.post(`${LIST}/create`, { credential: "{" })).location).toBe(`${LIST}/add?notice=rejected`);
  });

  it("renames one, and removes it after a page that names it and says what ends with it", async () => {
    const { visitor } = await signedIn();
    await enroll(visitor);
    const id = /remove\?id=([\w-]+)/.exec((await visitor.get(LIST)).text)?.[1] ?? "";
    expect((await visitor.post(`${LIST}/rename`, { id, name: "\u0007" })).status).toBe(422);
    const { location } = await visitor.post(`${LIST}/rename`, { id, name: "My <phone>" });
    expect([location, (await visitor.get(location!)).text.includes("My &lt;phone&gt;")]).toEqual([
      `${LIST}?notice=passkeyRenamed`,
      true,
    ]);

    const page = await visitor.get(`${LIST}/remove?id=${id}`);
    expect(page.text).toContain("The passkey “My &lt;phone&gt;” will no longer sign you in.");
    expect(page.text).toContain("and your recovery codes will stop working.");
    expect(page.text).toContain(`href="${LIST}">Cancel<`);
    expect((await visitor.get(`${LIST}/remove?id=other`)).location).toBe(LIST);
    const removed = await visitor.post(`${LIST}/remove`, { id, name: "x" });
    expect([removed.location, await rowCount("passkeys")]).toEqual([`${LIST}?notice=passkeyRemoved`, 0]);
    expect((await visitor.get(removed.location!)).text).toContain("&quot;allAcceptedCredentialIds&quot;:[]");
  });

  it("does not remove the last way in, and says so", async () => {
    const { visitor } = await signedIn();
    await enroll(visitor);
    await env.DB.exec("delete from passwords");
    const id = /remove\?id=([\w-]+)/.exec((await visitor.get(LIST)).text)?.[1] ?? "";
    const page = await visitor.get(`${LIST}/remove?id=${id}`);
    expect(page.text).toContain("your only way to sign in");
    expect(page.text).not.toContain(`action="${LIST}/remove`);
    expect(page.text).toMatch(/href="\/account\/passkeys\/add">.*href="\/account\/password">/);
    const refused = await visitor.post(`${LIST}/remove`, { id, name: "Passkey" });
    expect([refused.status >= 400, refused.text.includes("your only way to sign in")]).toEqual([true, true]);
    expect(await rowCount("passkeys")).toBe(1);
  });
});
