import { describe, expect, it } from "vitest";
import { addApp, appCode, postTo } from "../support/authenticator.ts";
import { authorizePath, CALLBACK, consentFieldsOf, refreshTo, register, request } from "../support/oauth.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { addPasskey, signInWith } from "../support/passkeys.ts";
import { PASSWORD } from "../support/passwords.ts";
import { JANE, logIn } from "../support/people.ts";
import { verifyAddresses } from "../support/rows.ts";
import { createSocialWorld, settingsFor, signInAt } from "../support/social.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, ISSUER, type World } from "../support/world.ts";

type Visitor = ReturnType<typeof createVisitor>;
type Answer = Awaited<ReturnType<Visitor["get"]>>;

interface Way {
  settings?: Partial<Env>;
  /** The factor that the account has. */
  has?: "passkey" | "app";
  signIn(visitor: Visitor, return_to: string, own: Own): Promise<Answer>;
}

interface Own {
  world: World;
  acme: Parameters<typeof signInAt>[1];
  passkey: () => Promise<string>;
  secret: string;
}

const ADD_APP = "/sign-in/add-factor/app";
const NEW = "kim@example.com";

async function mailed(world: World) {
  await world.flush();
  return outbox.last();
}

async function addFactor(visitor: Visitor, return_to: string) {
  await visitor.post("/sign-in/add-factor", { return_to });
  const { text } = await visitor.get(ADD_APP);
  const secret = /class="key"[^>]*>([^<]*)</.exec(text)?.[1]?.replace(/\s/g, "") ?? "";
  await visitor.post(ADD_APP, { code: appCode(secret), return_to });
  // The page of the recovery codes leads on.
  return visitor.get(return_to);
}

async function signUp(visitor: Visitor, return_to: string, world: World) {
  const to = new URLSearchParams({ return_to });
  const first = await visitor.post(`/sign-up?${to}`, { address: NEW, password: PASSWORD });
  expect(first.location).toBe("/verify");
  return visitor.post("/verify", { identifier: NEW, otp: (await mailed(world)).code });
}

const byPassword = (visitor: Visitor, return_to: string) =>
  visitor.post("/sign-in", { identifier: JANE.username, password: PASSWORD, return_to });

const askForCode = (visitor: Visitor, return_to: string) =>
  visitor.post("/sign-in/code", { identifier: JANE.email, return_to });

/** How a user can sign in on the way from a client to the consent. */
const WAYS: Record<string, Way> = {
  password: { signIn: byPassword },
  "mailed code": {
    async signIn(visitor, return_to, { world }) {
      await askForCode(visitor, return_to);
      return visitor.post("/sign-in/code/enter", { identifier: JANE.email, otp: (await mailed(world)).code });
    },
  },
  "mailed link, opened from a mail program": {
    async signIn(visitor, return_to, { world }) {
      await askForCode(visitor, return_to);
      const { token } = await mailed(world);
      await visitor.get(`/sign-in/link?token=${token}`, { "sec-fetch-site": "cross-site" });
      return visitor.post("/sign-in/link", { token });
    },
  },
  passkey: {
    has: "passkey",
    signIn: async (visitor, return_to, { passkey }) =>
      visitor.post("/sign-in/passkey", { credential: await passkey(), return_to }),
  },
  provider: {
    signIn: (visitor, return_to, { acme }) =>
      signInAt(visitor, acme, { sub: "1" }, { path: `/auth/social/acme?${new URLSearchParams({ return_to })}` }),
  },
  "second factor": {
    has: "app",
    async signIn(visitor, return_to, { secret }) {
      expect((await byPassword(visitor, return_to)).location).toMatch(/^\/sign-in\/second-factor\?/);
      return visitor.post("/sign-in/second-factor", { code: appCode(secret, 1), return_to });
    },
  },
  "required second factor": {
    settings: { MFA_POLICY: "required" },
    async signIn(visitor, return_to) {
      expect((await byPassword(visitor, return_to)).location).toMatch(/^\/sign-in\/add-factor\?/);
      return addFactor(visitor, return_to);
    },
  },
  "sign-up": { signIn: (visitor, return_to, { world }) => signUp(visitor, return_to, world) },
  "sign-up with a required address": {
    settings: { REQUIRE_VERIFICATION: "true" },
    signIn: (visitor, return_to, { world }) => signUp(visitor, return_to, world),
  },
};

async function prepare({ settings = {}, has }: Way) {
  const { world: before, acme, upstreams } = await createSocialWorld(NO_COOLDOWN);
  await before.post("/auth/register", { ...JANE, password: PASSWORD });
  before.sent.length = 0;
  const post = postTo(before);
  const { access_token } = (await logIn(before)).json;
  const key = has === "passkey" ? await addPasskey(post, access_token) : undefined;
  const { secret = "" } = has === "app" ? await addApp(post, access_token) : {};
  await verifyAddresses();
  const world = createWorld({ ...NO_COOLDOWN, ...settingsFor(upstreams), ...settings });
  const passkey = async () => JSON.stringify(await signInWith(post, key!));
  return { world, acme, passkey, secret };
}

describe("a request of a client", () => {
  // As long as a request may be.
  it.each(Object.entries(WAYS))("is kept through a sign-in by %s, with prompt=login", async (_, way) => {
    const own = await prepare(way);
    const registered = await register(own.world, { client_name: "Notes of Ann" });
    const { params } = await request(registered.client, { prompt: "login" });
    params.set("state", `long ${"x".repeat(3195 - encodeURIComponent(`${params}`).length)}`);
    const visitor = createVisitor(own.world);
    // The first visit with cookies, so that the check for them is over.
    await visitor.post("/language", { language: "en" });
    const asked = await visitor.get(authorizePath(params), { "sec-fetch-site": "cross-site" });
    const { pathname, searchParams } = new URL(asked.location ?? "", ISSUER);
    expect(pathname).toBe("/sign-in");

    let answer = await way.signIn(visitor, searchParams.get("return_to") ?? "", own);
    if (answer.location) answer = await visitor.get(answer.location, { "sec-fetch-site": "same-origin" });
    expect([answer.status, answer.text.includes("<h1>Notes of Ann wants to use your account</h1>")]).toEqual([
      200,
      true,
    ]);
    const { form_id, request: again, user } = consentFieldsOf(answer.text);
    const fields = { form_id: form_id!, request: again!, user: user!, answer: "allow" };
    const url = new URL(refreshTo((await visitor.post("/oauth/consent", fields)).headers) ?? "");
    expect([url.origin + url.pathname, url.searchParams.get("state")]).toEqual([CALLBACK, params.get("state")]);
    expect(url.searchParams.get("code")).not.toBeNull();
  });
});
