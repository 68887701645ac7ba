import { expect, it } from "vitest";
import { authorizeClient, createSignedIn, discover, fieldsOf, refreshTo, register } from "../support/oauth.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorldWithJane } from "../support/world.ts";

const BYE = "https://app.example/bye";
const FOREIGN = { "sec-fetch-site": "cross-site" };

/** The hidden fields of the question. */
const answerOf = (html: string) => fieldsOf(html.split("/oauth/logout/answer")[1]?.split("</form>")[0] ?? "");

/** Jane is signed in to a browser and to an app, which asks to sign her out. */
async function createWithApp(settings: Partial<Env> = {}) {
  const signedIn = await createSignedIn(settings);
  const { world, visitor } = signedIn;
  const registered = await register(world, { post_logout_redirect_uris: [BYE] });
  const { tokens } = await authorizeClient(world, visitor, registered);
  const { client_id } = registered.client;
  const hint = { id_token_hint: tokens.id_token ?? "" };
  const back = { post_logout_redirect_uri: BYE, state: "s 1" };
  const ask = (params: Record<string, string>, browser = visitor) =>
    browser.get(`/oauth/logout?${new URLSearchParams(params)}`, FOREIGN);
  const isIn = async () => (await visitor.get("/account")).status === 200;
  const { secret = "" } = registered;
  const form = { grant_type: "refresh_token", client_id, client_secret: secret };
  const refreshed = async () =>
    (await world.form("/oauth/token", { ...form, refresh_token: tokens.refresh_token ?? "" })).status;
  return { ...signedIn, client_id, secret, tokens, hint, back, ask, isIn, refreshed };
}

it("an app that shows its ID token signs its user out, here and there, and gets the browser back", async () => {
  const { world, hint, back, ask, isIn, refreshed } = await createWithApp();
  expect((await discover(world)).end_session_endpoint).toBe("https://auth.test/oauth/logout");

  const left = await ask({ ...hint, ...back });

  expect([left.status, left.location]).toEqual([303, `${BYE}?state=s+1`]);
  expect([await isIn(), await refreshed()]).toEqual([false, 400]);
  expect((await ask({ ...hint, ...back })).location).toBe(`${BYE}?state=s+1`);
  expect((await ask({ ...hint, post_logout_redirect_uri: BYE })).location).toBe(BYE);
});

it("an app that revokes its tokens first signs its user out all the same", async () => {
  const { world, client_id, secret, tokens, hint, back, ask, isIn } = await createWithApp();
  const revoked = { client_id, client_secret: secret, token: tokens.refresh_token ?? "" };
  expect((await world.form("/oauth/revoke", revoked)).status).toBe(200);

  const left = await ask({ ...hint, ...back });

  expect([left.status, left.location, await isIn()]).toEqual([303, `${BYE}?state=s+1`, false]);
});

it.each([
  ["no hint", () => ({})],
  ["a hint that is forged", ({ id_token_hint }: { id_token_hint: string }) => ({ id_token_hint: `${id_token_hint}x` })],
])("a link with %s signs nobody out: the user is asked, and the answer leads back", async (_, change) => {
  const { visitor, client_id, hint, back, ask, isIn, refreshed } = await createWithApp();
  const page = await ask({ client_id, ...change(hint), ...back });
  expect([page.status, await isIn()]).toEqual([200, true]);
  expect(page.text).toMatch(/Sign out here too\?.*janedoe/s);

  const fields = answerOf(page.text);
  const stayed = await visitor.post("/oauth/logout/answer", { ...fields, answer: "stay" });
  expect([refreshTo(stayed.headers), await isIn()]).toEqual([`${BYE}?state=s+1`, true]);
  const forged = await visitor.post("/oauth/logout/answer", { ...fields, answer: "leave" }, FOREIGN);
  expect([forged.status, await isIn()]).toEqual([403, true]);
  const left = await visitor.post("/oauth/logout/answer", { ...fields, answer: "leave" });
  expect([refreshTo(left.headers), await isIn()]).toEqual([`${BYE}?state=s+1`, false]);
  // Its own session is the app's to end.
  expect(await refreshed()).toBe(200);
});

it("the hint of another user signs nobody out without a question, and an answer counts for its user", async () => {
  const { world, hint, back, ask } = await createWithApp();
  const john = createVisitor(world);
  await world.post("/auth/register", { email: "john@example.com", password: "correct-horse-7" });
  await john.signIn("john@example.com");

  const page = await ask({ ...hint, ...back }, john);
  expect(page.text).toMatch(/john@example.com/);
  const fields = { ...answerOf(page.text), user: "someone", answer: "leave" };
  const asked = await john.post("/oauth/logout/answer", fields);
  expect(asked.location).toMatch(/^\/oauth\/logout\?request=[\w-]+$/);
  expect(answerOf((await john.get(asked.location ?? "")).text)).toEqual(answerOf(page.text));
  expect((await john.get("/account")).status).toBe(200);
});

it("an address that is not registered, and a request that is wrong, get a page and sign nobody out", async () => {
  const { visitor, client_id, hint, back, ask, isIn } = await createWithApp();
  const wrong: [Record<string, string>, string][] = [
    [{ ...hint, post_logout_redirect_uri: `${BYE}/` }, "invalid_redirect_uri"],
    [{ ...hint, post_logout_redirect_uri: "https://app.example.evil/bye" }, "invalid_redirect_uri"],
    [{ client_id, post_logout_redirect_uri: "https://app.example/callback" }, "invalid_redirect_uri"],
    [back, "unknown_client"],
    [{ ...back, client_id: "nobody" }, "unknown_client"],
    [{ ...hint, client_id: "nobody" }, "invalid_request"],
    [{ ...hint, ...back, state: "x".repeat(2001) }, "invalid_request"],
  ];
  for (const [params, code] of wrong) {
    const page = await ask(params);
    expect([[400, 422].includes(page.status), page.location]).toEqual([true, null]);
    expect(page.text).toContain(code);
  }
  const repeated = await visitor.get(`/oauth/logout?client_id=${client_id}&client_id=x`);
  expect([repeated.status, await isIn()]).toEqual([422, true]);
  const head = await visitor.send(`/oauth/logout?${new URLSearchParams(hint)}`, { method: "HEAD" });
  expect([head.status, await isIn()]).toEqual([405, true]);
});

it("a form of another site leads to the same request in a URL that does not show it, and a stranger goes on", async () => {
  const { world, visitor, hint, back, isIn } = await createWithApp();
  const sent = await visitor.post("/oauth/logout", { ...hint, ...back }, FOREIGN);
  expect([sent.status, sent.location, await isIn()]).toEqual([
    303,
    expect.stringMatching(/^\/oauth\/logout\?request=[\w-]+$/),
    true,
  ]);
  const shown = Buffer.from(sent.location?.split("=")[1] ?? "", "base64url").toString();
  expect(shown).not.toContain(hint.id_token_hint.split(".")[1]);
  const changed = await visitor.get("/oauth/logout?request=AAAA", FOREIGN);
  expect([changed.status, changed.text.includes("invalid_request"), await isIn()]).toEqual([422, true, true]);
  const left = await visitor.get(sent.location ?? "", FOREIGN);
  expect([left.location, await isIn()]).toEqual([`${BYE}?state=s+1`, false]);

  const stranger = createVisitor(world);
  expect((await stranger.get("/oauth/logout")).location).toBe("/signed-out");
});

it("with Strict cookies, the request comes again from a page of the service", async () => {
  const { world } = await createWorldWithJane({ COOKIE_SAMESITE: "Strict" });
  const visitor = createVisitor(world);
  const page = await visitor.get("/oauth/logout?state=x", FOREIGN);

  expect(refreshTo(page.headers)).toBe("https://auth.test/oauth/logout?state=x");
});
