import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { SECOND } from "../support/app-visitor.ts";
import { appCode, postTo } from "../support/authenticator.ts";
import { REQUIRED } from "../support/enrollment.ts";
import { outbox } from "../support/outbox.ts";
import { addPasskey } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { people } from "../support/people.ts";
import { eventCount, rowCount, verifyEmails } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, stopClock } from "../support/world.ts";

const KEEP = "/account/keep-factors";
const KEPT = "/account?notice=factorsKept";
const BANNER = "because they were reported as lost";
const SAID = "Your sign-in methods will not be removed.";

/** A visitor signed in with an app, who will lose it, and the link of the mail that says so. */
async function aboutToLose() {
  stopClock(Date.now());
  const { world, jane, app } = await people.jane.withApp();
  await verifyEmails();
  const visitor = createVisitor(world);
  await visitor.signIn();
  await visitor.post(SECOND, { code: appCode(app.secret, 1) });
  await world.flush();
  await outbox.clear();
  const { value } = await administer(world, "removeFactors", jane.id);
  await world.flush();
  const [, link = ""] = /https:\/\/auth\.test(\/sign-in\S*)/.exec((await outbox.last()).text) ?? [];
  return { world, jane, app, visitor, link, dueAt: value.removal_due_at };
}

/** Makes every session one of a single factor, as on a trusted browser. */
const forgetFactors = () => env.DB.exec(`update sessions set amr = '["pwd"]'`);

describe("an account whose second factors will be removed", () => {
  it("says so with the time, and keeps them by a button", async () => {
    const { visitor, dueAt } = await aboutToLose();
    const { text } = await visitor.get(KEPT);
    expect([text.includes(BANNER), text.includes(`datetime="${dueAt}"`), text.includes(SAID)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(text).toContain("Keep my sign-in methods</button>");

    expect((await visitor.post(KEEP, {})).location).toBe(KEPT);

    const kept = await visitor.get(KEPT);
    expect([kept.text.includes(BANNER), kept.text.includes(SAID)]).toEqual([false, true]);
    expect([await rowCount("factor_removals"), await eventCount("factor_removal_canceled")]).toEqual([0, 1]);
    expect((await visitor.post(KEEP, {})).location).toBe(KEPT);
  });

  it("asks for a second factor first in a session of one factor, whose proof keeps them", async () => {
    const { visitor, app } = await aboutToLose();
    await forgetFactors();
    const { location } = await visitor.post(KEEP, {});
    expect(location).toBe(`/account/confirm-identity?${new URLSearchParams({ return_to: KEPT })}`);
    expect(await rowCount("factor_removals")).toBe(1);
    expect((await visitor.get(location!)).text).toContain(`name="return_to" value="${KEPT}"`);

    stopClock(Date.now() + 60_000);
    const proven = await visitor.post("/account/confirm-identity", { code: appCode(app.secret), return_to: KEPT });

    expect([proven.location, await rowCount("factor_removals")]).toEqual([KEPT, 0]);
    expect((await visitor.get(KEPT)).text).toContain(SAID);
  });

  it("is kept from the mail on by a sign-in, which says so", async () => {
    const { world, app, link } = await aboutToLose();
    const visitor = createVisitor(world);
    const page = await visitor.get(link, { "sec-fetch-site": "cross-site" });
    const return_to = /name="return_to" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
    await visitor.post("/sign-in", { identifier: "janedoe", password: PASSWORD, return_to });
    stopClock(Date.now() + 60_000);
    const { location } = await visitor.post(SECOND, { code: appCode(app.secret), return_to });

    expect(location).toBe(KEPT);
    expect((await visitor.get(location!)).text).toContain(SAID);
  });

  it("leads from the mail to the button in a browser that is signed in", async () => {
    const { visitor, link } = await aboutToLose();
    const { location } = await visitor.get(link);
    expect(location).toBe(`/session/renew?${new URLSearchParams({ to: KEPT })}`);
    const renewed = await visitor.get(location!);
    expect((await visitor.get(renewed.location!)).text).toContain("Keep my sign-in methods</button>");
  });

  it("does not say that they stay once they are gone", async () => {
    const { world, visitor, dueAt } = await aboutToLose();
    stopClock(Date.parse(dueAt));
    await world.schedule();
    expect((await visitor.post(KEEP, {})).location).toMatch(/^\/session\/renew\?to=/);
    const again = createVisitor(world);
    await again.signIn();
    const { text } = await again.get(KEPT);
    expect([text.includes("<h1>Your account</h1>"), text.includes(BANNER), text.includes(SAID)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is kept by no form of another site, and by nobody who is signed out", async () => {
    const { world, visitor, jane } = await aboutToLose();
    const foreign = { origin: "https://evil.test", "sec-fetch-site": "cross-site" };
    expect((await visitor.post(KEEP, {}, foreign)).status).toBe(403);
    const { location } = await createVisitor(world).post(`${KEEP}?user=${jane.id}`, {});
    expect(location).toMatch(/^\/sign-in\?notice=unsent/);
    expect((await visitor.get(`${KEEP}?notice=unsent`)).location).toBe("/account?notice=unsent");
    expect(await rowCount("factor_removals")).toBe(1);
  });
});

it("the last second factor is not removed if the service requires one: the page says to add another", async () => {
  const { app } = await people.jane.withApp();
  const world = createWorld(REQUIRED);
  const visitor = createVisitor(world);
  await visitor.signIn();
  await visitor.post(SECOND, { code: appCode(app.secret, 1) });
  const words = "This site requires a second step to sign in, and this is your only one. Add another one first.";
  const refused = await visitor.post("/account/authenticator/remove", {});
  expect([refused.status, refused.text.includes(words)]).toEqual([409, true]);

  const added = await addPasskey(postTo(world), visitor.cookies.get("__Host-access_token") ?? "");
  for (const name of ["access_token", "refresh_token"] as const) visitor.cookies.set(`__Host-${name}`, added[name]);
  await env.DB.exec("delete from totps");
  const id = /passkeys\/remove\?id=([\w-]+)/.exec((await visitor.get("/account/passkeys")).text)?.[1] ?? "";
  const last = await visitor.post("/account/passkeys/remove", { id, name: "Passkey" });
  expect([last.status, last.text.includes(words), await rowCount("passkeys")]).toEqual([409, true, 1]);
});
