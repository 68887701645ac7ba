import { describe, expect, it } from "vitest";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { call } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

describe("an email address", () => {
  it.each([
    ["jo@example.com", "Jo Doe <jo@example.com>"],
    ["jo@example.com", '"Doe, Jo" <jo@example.com>,'],
    ["jo@example.com", "jo@example.com <JO@example.com>"],
    ["jo@example.com", "jo@example.com<mailto:jo@example.com>"],
    ["jo@example.com", "<mailto:jo@example.com>"],
    ["jo@example.com", "< jo@example.com >"],
    ["jo@example.com", "jo@example.com,"],
    ["jo@example.com", "jo@example.com ;"],
    ["jo@example.com", "jo@example.com. "],
    ["jo@example.com", '"jo@example.com"'],
    ["jo@example.com", "'jo@example.com'"],
    ["jo@example.com", "“jo@example.com”"],
    ["jo@example.com", "MAILTO:jo@example.com?subject=Hi%20Jo&cc=al@example.com"],
    ["jo@example.com", "mailto:jo%40example.com%20"],
    ["jo+x@example.com", "mailto:jo%2Bx@example.com"],
    ["jo@xn--bcher-kva.de", "mailto:jo@b%C3%BCcher.de"],
    ["a%2bx@example.com", "a%2Bx@example.com"],
    ["o'brien@example.com", "O’Brien@example.com"],
    ["o'brien@example.com", "Pat O’Brien <o‘brien@example.com>"],
  ])("%s is registered and signs in pasted as %j", async (stored, pasted) => {
    const world = createWorld();

    const { status, json } = await world.post("/auth/register", { email: pasted, password: PASSWORD });

    expect([status, json.email]).toEqual([201, stored]);
    expect([(await logIn(world, pasted)).status, (await logIn(world, stored)).status]).toEqual([200, 200]);
  });

  it("is refused if the text names two, or none", async () => {
    const world = createWorld();
    const texts = ["jo@example.com, al@example.com", "jo@example.com <al@example.com>", "<jo@example.com> <al@x.org>"];
    texts.push("mailto:jo@example.com,al@example.com", "mailto:jo%40al@example.com", "mailto:%ff@example.com");
    texts.push("Jo Doe <>", "Jo Doe", "jo@example.com?subject=x", "jo@exam’ple.com", "mailto:", "<<jo@example.com>>");

    for (const email of texts) {
      const { status, json } = await world.post("/auth/register", { email, password: PASSWORD });
      expect([email, status, json.errors?.[0].path]).toEqual([email, 422, "email"]);
    }
    expect(await rowCount("users")).toBe(0);
  });
});

describe("a code", () => {
  it.each([
    (code: string) => `G-${code}`,
    (code: string) => `Code: ${code}`,
    (code: string) => `${code.slice(0, 3)} ${code.slice(3)} is your code. It expires in 5 minutes.\n`,
    (code: string) => `${code} is your code.\n\n@example.com #${code}`,
  ])("is taken out of the text that it was copied with: %s", async (paste) => {
    const { world, message } = await people.jane.requestedResetCode();
    const body = { identifier: JANE.phone, otp: paste(message.code), new_password: FRESH_PASSWORD };

    expect((await world.post("/auth/verify-reset", body)).status).toBe(204);
  });

  it("is not guessed from a text that can mean two, and no attempt is counted", async () => {
    const { world, message } = await people.jane.requestedResetCode();
    const { code } = message;
    const other = code === "111111" ? "222222" : "111111";

    for (const otp of [
      `${code} or ${other}`,
      `${code} ${code}`,
      `1${code}`,
      `Code 1: ${code}`,
      code.slice(1),
      "Code",
    ]) {
      const body = { identifier: JANE.phone, otp, new_password: FRESH_PASSWORD };
      const { status, json } = await world.post("/auth/verify-reset", body);
      expect([otp, status, json?.errors?.[0].path]).toEqual([otp, 422, "otp"]);
    }
    expect(await rowCount("lockouts")).toBe(0);
  });
});

describe("the token of a link", () => {
  it.each([
    (token: string) => `${token}.`,
    (token: string) => `${token}%20`,
    (token: string) => `${token}%0D%0A`,
    (token: string) => `(${token})`.slice(1),
    (token: string) => `https://auth.example.com/reset-password?token=${token}`,
    (token: string) => `<https://auth.example.com/reset-password?utm=1&token=${token}&x=1#top>`,
  ])("is taken out of what was copied: %s", async (paste) => {
    const { reset, link, request, world } = await people.jane.requestedReset();

    expect((await reset(paste(link))).status).toBe(204);
    const { token } = await request();
    const inPath = paste(token).replace(/^.*token=|&.*$/g, "");
    const path = `/auth/reset-password/${encodeURIComponent(inPath)}`;
    expect((await world.post(path, { new_password: PASSWORD })).status).toBe(204);
  });

  it("is read from a link that a mail program ended late", async () => {
    const { world, link } = await people.jane.requestedReset();
    const visitor = createVisitor(world);

    await visitor.get(`/reset-password?token=${link}.`);

    const fields = { token: link, new_password: FRESH_PASSWORD, confirm_password: FRESH_PASSWORD };
    expect((await visitor.get("/reset-password/link")).text).toContain(link);
    expect((await visitor.post("/reset-password", fields)).status).toBe(303);
  });
});

it("a token is accepted with the line break at the end of a file: refresh, logout, device, service binding", async () => {
  const { world, login } = await createWorldWithJane();
  const { device_token, refresh_token } = await login();
  const lines = (token: string) => `${token}\r\n`;

  const json = await world.post("/auth/refresh", { refresh_token: lines(refresh_token) });
  const form = await world.form("/auth/refresh", { refresh_token: lines(json.json.refresh_token) });
  const bound = await call(world, "refresh", { refresh_token: lines(form.json.refresh_token) });
  expect([json.status, form.status, bound.ok]).toEqual([200, 200, true]);

  const { access_token } = bound.value;
  expect((await call(world, "verify", lines(access_token))).ok).toBe(true);
  const known = { identifier: "janedoe", password: PASSWORD, device_token: lines(device_token) };
  const again = await world.post("/auth/login", known);
  expect(again.status).toBe(200);
  const spent = { refresh_token: lines(again.json.refresh_token) };
  expect((await world.post("/auth/logout", spent)).status).toBe(204);
  expect((await call(world, "logout", { access_token: lines(access_token) })).ok).toBe(true);
});
