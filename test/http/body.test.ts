import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/passwords.ts";
import { rowCount } from "../support/rows.ts";
import { createWorld, JSON_TYPE } from "../support/world.ts";

const REGISTER = "/auth/register";
const KIB = 1024;
const valid = JSON.stringify({ email: "jane@example.com", password: PASSWORD });

/** A body of unknown length, sent in pieces. */
function chunked(bytes: number): RequestInit {
  let left = bytes;
  const body = new ReadableStream({
    pull(controller) {
      const size = Math.min(left, 1000);
      if (size === 0) return controller.close();
      left -= size;
      controller.enqueue(new TextEncoder().encode(" ".repeat(size)));
    },
  });
  return { method: "POST", headers: JSON_TYPE, body };
}

const send = (body: BodyInit, headers: HeadersInit = JSON_TYPE) =>
  createWorld().send(REGISTER, { method: "POST", headers, body });

describe("400: a body that two readers could read in two ways", () => {
  it.each([
    ["nothing", ""],
    ["half an object", '{"email":'],
    ["single quotes", "{'email':'jane@example.com'}"],
    ["a comment", `${valid}//`],
    ["a second value", `${valid}{}`],
    ["a byte order mark", `\ufeff${valid}`],
    ["a name twice", '{"email":"a@example.com","email":"b@example.com","password":"correct-horse-7"}'],
    ["a name twice, once escaped", '{"email":"a@example.com","em\\u0061il":"b@example.com"}'],
    ["a name twice, deep down", '{"email":[{"a":{"b":1,"c":{"b":1},"b":2}}]}'],
    ["NUL", '{"email":"a@example.com","first_name":"Ja\\u0000ne","password":"correct-horse-7"}'],
    ["NUL in a name", '{"em\\u0000ail":1}'],
    ["a lone surrogate", '{"email":"a@example.com","password":"correct-\\ud800-horse"}'],
    ["a lone surrogate in a name", '{"\\udc00":1}'],
    ["absurd nesting", `${"[".repeat(8 * KIB)}`],
  ])("%s", async (_, body) => {
    const { status, json } = await send(body);

    expect([status, json.code]).toEqual([400, "malformed_body"]);
    expect(await rowCount("users")).toBe(0);
  });

  it("bytes that are not UTF-8", async () => {
    expect((await send(new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400);
  });

  it.each([
    ["a name twice", "username=a&username=b&password=correct-horse-7"],
    ["NUL", "username=jane%00doe&password=correct-horse-7"],
  ])("a form with %s", async (_, body) => {
    const { status, json } = await createWorld().send("/auth/login", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });

    expect([status, json.code]).toEqual([400, "malformed_body"]);
  });

  it("but names alike in different objects, and quotes and braces in strings, are well", async () => {
    const { status, json } = await send('{"email":{"a":1},"phone":{"a":"}{\\",\\"a\\":1"},"password":["a","a"]}');

    expect([status, json.code]).toEqual([422, "invalid_request"]);
  });
});

describe("413: a body over 16 KiB", () => {
  it.each([REGISTER, "/auth/login", "/api/v1/auth/login", "/nowhere"])("%s, also in chunks", async (path) => {
    const { send } = createWorld();
    const whole = await send(path, { method: "POST", headers: JSON_TYPE, body: " ".repeat(16 * KIB + 1) });

    expect([whole.status, whole.json.code]).toEqual([413, "body_too_large"]);
    expect((await send(path, chunked(16 * KIB + 1))).status).toBe(413);
    expect((await send(path, chunked(KIB * KIB))).status).toBe(413);
  });

  it("is not one of 16 KiB, whole or in chunks", async () => {
    const { send } = createWorld();
    const padded = valid + " ".repeat(16 * KIB - valid.length);

    expect((await send(REGISTER, { method: "POST", headers: JSON_TYPE, body: padded })).status).toBe(201);
    expect((await send(REGISTER, chunked(16 * KIB))).status).toBe(400);
  });
});

describe("415: another type than JSON", () => {
  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json, text/plain",
    "application/jsonp",
    "application/json; charset=utf-16",
    "application/json; charset=latin1",
    "",
  ])("%j", async (type) => {
    const { status, json } = await send(valid, { "content-type": type });

    expect([status, json.code]).toEqual([415, "unsupported_media_type"]);
  });

  it("none at all", async () => {
    expect((await send(new TextEncoder().encode(valid), {})).status).toBe(415);
  });

  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
  ])("but %j is JSON", async (type) => {
    expect((await send(valid, { "content-type": type })).status).toBe(201);
  });

  it("a form for a route that takes forms may say its charset", async () => {
    const { status } = await createWorld().send("/auth/login", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
      body: "username=jane&password=correct-horse-7",
    });
    expect(status).toBe(401);
  });
});
