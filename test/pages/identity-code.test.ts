import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { later } from "../support/app-visitor.ts";
import { requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { JANE, wrongCode } from "../support/people.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const IDENTITY = "/account/confirm-identity";
const SEND = `${IDENTITY}/send-code`;
const ENTER = `${IDENTITY}/code`;
const EMAIL = { email: "new@example.com" };
const asking = (path: string, return_to: string) => `${path}?${new URLSearchParams({ return_to })}`;

/** A visitor whom a code has signed in six minutes ago, to an account without a password. */
async function signedInByCode() {
  const { world } = await createWorldWithJane(NO_COOLDOWN);
  const { code } = await requestCode(world);
  const visitor = createVisitor(world);
  await visitor.post("/sign-in/code/enter", { identifier: JANE.email, otp: code });
  await world.flush();
  later(6);
  return { world, visitor };
}

it("a user with neither a password nor a second factor confirms a change with a code", async () => {
  const { world, visitor } = await signedInByCode();
  const asked = await visitor.post("/account/email", EMAIL);
  expect(asked.location).toBe(asking(IDENTITY, "/account/email"));
  const send = await visitor.get(asked.location!);
  expect(send.location).toBe(asking(SEND, "/account/email"));
  expect((await visitor.get(send.location!)).text).toContain("send you a code first.");

  const sent = await visitor.post(SEND, { return_to: "/account/email" });
  expect(sent.location).toBe(asking(ENTER, "/account/email"));
  await world.flush();
  const { to, code } = await outbox.last();
  const wrong = await visitor.post(ENTER, { otp: wrongCode(code), return_to: "/account/email" });
  expect([to, wrong.status, (await visitor.post("/account/email", EMAIL)).location]).toEqual([
    JANE.email,
    400,
    asked.location,
  ]);
  expect((await visitor.post(ENTER, { otp: code, return_to: "/account/email" })).location).toBe("/account/email");
  expect((await visitor.post("/account/email", EMAIL)).location).toBe("/account/email/confirm");
});

it("a code that confirms leads to no other site, and is not sent again too soon", async () => {
  const { world, visitor } = await signedInByCode();
  const { location } = await visitor.post(SEND, { return_to: "https://evil.example" });
  expect(location).toBe(asking(ENTER, "/account"));
  await world.flush();
  const otp = (await outbox.last()).code;
  expect((await visitor.post(ENTER, { otp, return_to: "//evil.example" })).location).toBe("/account");

  const waiting = createVisitor(createWorld());
  for (const [name, value] of visitor.cookies) waiting.cookies.set(name, value);
  expect((await waiting.post(SEND, {})).status).toBe(429);
});

it("a user with a password confirms with it, although a code signed in", async () => {
  const { visitor } = await signedInByCode();
  await env.DB.exec("insert into passwords (user_id, hash) select id, 'x' from users");
  const page = await visitor.get(asking(IDENTITY, "/account/delete"));
  expect([page.status, page.text.includes('id="password"')]).toEqual([200, true]);
});

it("the sign-in form afterwards does not show the id of the user", async () => {
  const { visitor } = await signedInByCode();
  await visitor.post(SEND, {});
  expect(visitor.cookies.has("__Host-identifier")).toBe(false);
});

it("a service without codes has no such page", async () => {
  const visitor = createVisitor(createWorld({ LOGIN_METHODS: "password" }));
  expect([(await visitor.get(SEND)).status, (await visitor.get(ENTER)).status]).toEqual([404, 404]);
});
