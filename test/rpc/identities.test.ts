import { expect, it, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { eventTypes, rowCount, rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { ANN, createSocialWorld, signedUpAt } from "../support/social.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

/** Ann, who signed up at a provider. By default, a code is another way in. */
async function ann(settings: Partial<Env> = {}) {
  const { world, acme } = await createSocialWorld({ ...NO_COOLDOWN, ...settings });
  const visitor = await signedUpAt(world, acme);
  const [{ id } = { id: "" }] = (await rows("users")) as { id: string }[];
  const [identity] = (await administer(world, "listIdentities", id)).value.identities;
  await world.flush();
  await outbox.clear();
  return { world, acme, visitor, id, identity };
}

it("an administrator sees the linked accounts of a user, and neither their subject nor a token", async () => {
  const { world, acme, identity } = await ann();

  expect(identity).toEqual({
    id: expect.any(String),
    provider: "acme",
    email: ANN.email,
    linked_at: expect.any(String),
    last_used_at: expect.any(String),
  });
  expect(JSON.stringify(identity)).not.toMatch(new RegExp(`canary|${ANN.sub}|${acme.issuer}`));
  expect(await administer(world, "listIdentities", "nobody")).toMatchObject({ code: "not_found" });
  const { jane } = await createWorldWithJane();
  expect(await administer(world, "listIdentities", jane.id)).toEqual({ ok: true, value: { identities: [] } });
});

it("an administrator unlinks an account: the sessions end, and the owner is told", async () => {
  const { world, visitor, id, identity } = await ann();

  expect(await administer(world, "unlinkIdentity", id, identity.id)).toEqual({ ok: true });
  await world.flush();

  expect([await rowCount("identities"), (await visitor.get("/account")).status]).toEqual([0, 303]);
  expect((await eventTypes()).slice(-2)).toEqual(["identity_unlinked", "session_revoked"]);
  expect((await rows("audit_events")).at(-1)).toMatchObject({ caller: "back-office" });
  expect(await outbox.only()).toMatchObject({ to: ANN.email, subject: "A linked account was removed" });
  expect(await administer(world, "unlinkIdentity", id, identity.id)).toMatchObject({ code: "not_found" });
});

it("an administrator cannot unlink the last way in, also by two calls at once", async () => {
  const { world, id, identity } = await ann({ LOGIN_METHODS: "password" });
  const unlink = (of: string) => administer(world, "unlinkIdentity", id, of);
  const before = await dumpRows();
  expect([await unlink(identity.id), await dumpRows()]).toMatchObject([{ code: "last_credential" }, before]);

  await world.env.DB.exec(
    `insert into identities (issuer, subject, id, user_id, provider, email, linked_at) values ('https://id.example', 's', 'i2', '${id}', 'other', null, 1)`,
  );
  const outcomes = await Promise.all([unlink(identity.id), unlink("i2")]);
  expect([outcomes.filter(({ ok }) => ok).length, await rowCount("identities")]).toEqual([1, 1]);
});

it("unlinkIdentity touches no account of another user, and changes nothing if the database fails", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { world, id, identity } = await ann();
  const { jane } = await createWorldWithJane();
  const before = await dumpRows();
  const broken = createWorld({ ...world.env, DB: failingD1(world.env.DB, 1, "before") });

  expect([
    await administer(world, "unlinkIdentity", jane.id, identity.id),
    await administer(world, "unlinkIdentity", id, "nothing"),
    await administer(world, "unlinkIdentity", id, ""),
    await administer(broken, "unlinkIdentity", id, identity.id),
  ]).toMatchObject(["not_found", "not_found", "invalid_request", "storage_unavailable"].map((code) => ({ code })));
  expect(await dumpRows()).toEqual(before);
});
