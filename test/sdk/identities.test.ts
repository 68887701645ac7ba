import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { createAuthClient } from "../../src/sdk/client.ts";
import { createSignedIn, OK } from "../support/sdk-network.ts";
import { openUpstream, settingsFor } from "../support/social.ts";
import { ISSUER, PASSWORD } from "../support/world.ts";

afterEach(() => vi.unstubAllGlobals());

const PAGE = "https://app.test/settings?tab=1";

function openPage() {
  const assign = vi.fn();
  vi.stubGlobal("location", { href: PAGE, assign });
  return assign;
}

it("the client leads to a provider, and back to this page or another one", () => {
  const assign = openPage();
  const client = createAuthClient(ISSUER);
  client.social("google");
  client.social("a/b", { returnTo: "https://app.test/", prompt: "login" });

  expect(assign.mock.calls).toEqual([
    [`${ISSUER}/auth/social/google?return_to=${encodeURIComponent(PAGE)}`],
    [`${ISSUER}/auth/social/a%2Fb?return_to=https%3A%2F%2Fapp.test%2F&prompt=login`],
  ]);
});

it("a signed-in user lists, links and unlinks accounts, and stays signed in", async () => {
  const assign = openPage();
  const { client } = await createSignedIn(settingsFor({ acme: await openUpstream() }));
  await env.DB.exec(
    "insert into identities (issuer, subject, id, user_id, provider, email, linked_at) select 'https://id.example', 's', 'i1', id, 'acme', 'jane@id.example', 1 from users",
  );

  const list = await client.identities.list();
  expect(list).toMatchObject({ ok: true, value: { identities: [{ id: "i1", provider: "acme" }] } });
  const linking = await client.identities.link("acme", { returnTo: "https://app.test/", password: PASSWORD });
  expect(linking).toMatchObject({ ok: true, value: { url: assign.mock.lastCall?.[0] } });
  expect(await client.identities.link("other")).toMatchObject({ ok: false, code: "not_found" });
  expect(assign).toHaveBeenCalledTimes(1);
  expect(await client.identities.unlink("i1", { password: PASSWORD })).toEqual(OK);
  expect([await client.me(), await client.identities.list()]).toMatchObject([
    { ok: true },
    { value: { identities: [] } },
  ]);
});
