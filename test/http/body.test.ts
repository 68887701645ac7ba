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

describe("a malformed body", () => {
  it.each([
    ["no content", ""],
    ["half an object", '{"email":'],
    ["single quotes", "{'email':'jane@example.com'}"],
    ["a comment", `${valid}//`],
    ["a second value", `${valid}{}`],
    ["two byte order marks", `\ufeff\ufeff${valid}`],
    ["a byte order mark alone", "\ufeff"],
    ["a duplicate name", '{"email":"a@example.com","email":"b@example.com","password":"correct-horse-7"}'],
    ["a duplicate name, once escaped", '{"email":"a@example.com","em\\u0061il":"b@example.com"}'],
    ["a nested duplicate name", '{"email":[{"a":{"b":1,"c":{"b":1},"b":2}}]}'],
    ["NUL", '{"email":"a@example.com","first_name":"Ja\\u0000ne","password":"correct-horse-7"}'],
    ["NUL in a name", '{"em\\u0000ail":1}'],
    ["a lone surrogate", '{"email":"a@example.com","password":"correct-\\ud800-horse"}'],
    ["a lone surrogate in a name", '{"\\udc00":1}'],
    ["absurd nesting", `${"[".repeat(8 * KIB)}`],
  ])("is refused with 400, which says that JSON is expected: %s", async (_, body) => {
    const { status, json } = await send(body);

    expect([status, json.code, json.detail]).toEqual([
      400,
      "malformed_body",
      expect.stringMatching(/^The body must be JSON/),
    ]);
    expect(await rowCount("users")).toBe(0);
  });

  it("is refused with 400: bytes that are not UTF-8", async () => {
    expect((await send(new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400);
  });

  it.each([
    ["a duplicate name", "username=a&username=b&password=correct-horse-7"],
    ["NUL", "username=jane%00doe&password=correct-horse-7"],
  ])("is refused with 400: a form with %s", async (_, body) => {
    const { status, json } = await createWorld().send("/auth/login", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });

    expect([status, json.error]).toEqual([400, "invalid_request"]);
  });

  it("does not include a byte order mark before JSON or a form", async () => {
    const { status } = await send(`\ufeff${valid}`);
    const { send: sendTo } = createWorld();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = `\ufeffusername=jane@example.com&password=${PASSWORD}`;

    expect([status, (await sendTo("/auth/login", { method: "POST", headers, body })).status]).toEqual([201, 200]);
  });

  it("does not include equal names in different objects, or quotes and braces in strings", async () => {
    const { status, json } = await send('{"email":{"a":1},"phone":{"a":"}{\\",\\"a\\":1"},"password":["a","a"]}');

    expect([status, json.code]).toEqual([422, "invalid_request"]);
  });
});

describe("a body over 16 KiB", () => {
  it.each([REGISTER, "/auth/login", "/api/v1/auth/login", "/nowhere"])(
    "is refused with 413 at %s, also in chunks",
    async (path) => {
      const { send } = createWorld();
      const whole = await send(path, { method: "POST", headers: JSON_TYPE, body: " ".repeat(16 * KIB + 1) });

      expect([whole.status, whole.json.code]).toEqual([413, "body_too_large"]);
      expect((await send(path, chunked(16 * KIB + 1))).status).toBe(413);
      expect((await send(path, chunked(KIB * KIB))).status).toBe(413);
    },
  );

  it("a body of exactly 16 KiB is accepted, whole or in chunks", async () => {
    const { send } = createWorld();
    const padded = valid + " ".repeat(16 * KIB - valid.length);

    expect((await send(REGISTER, { method: "POST", headers: JSON_TYPE, body: padded })).status).toBe(201);
    expect((await send(REGISTER, chunked(16 * KIB))).status).toBe(400);
  });
});

describe("the content type of a body", () => {
  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json, text/plain",
    "application/jsonp",
    "application/json; charset=utf-16",
    "application/json; charset=utf-8; charset=utf-16",
    "application/+json",
    "text/x+json",
    "application/json; charset=latin1",
    "",
  ])("%j is refused with 415", async (type) => {
    const { status, json } = await send(valid, { "content-type": type });

    expect([status, json.code]).toEqual([415, "unsupported_media_type"]);
  });

  it("is required, 415 without it", async () => {
    expect((await send(new TextEncoder().encode(valid), {})).status).toBe(415);
  });

  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "application/json ; ; charset=utf8 ;",
    "application/merge-patch+json",
    "application/vnd.api.v1+json; charset=utf-8",
  ])("%j is read as JSON", async (type) => {
    expect((await send(valid, { "content-type": type })).status).toBe(201);
  });

  it("of a form may have a charset on a route that takes forms", async () => {
    const { status } = await createWorld().send("/auth/login", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
      body: "username=jane&password=correct-horse-7",
    });
    expect(status).toBe(400);
  });
});

describe("a compressed body", () => {
  it.each(["gzip", "x-gzip", "br", "deflate", "zstd", "GZIP", "identity, gzip"])(
    "is refused with 415 that says which coding is accepted: %s",
    async (coding) => {
      for (const path of [REGISTER, "/auth/login", "/nowhere", "/sign-in"]) {
        const headers = { ...JSON_TYPE, "content-encoding": coding, "sec-fetch-site": "same-origin" };
        const answer = await createWorld().send(path, { method: "POST", headers, body: valid });

        expect([answer.status, answer.json.code]).toEqual([415, "unsupported_media_type"]);
        expect([answer.headers.get("accept-encoding"), answer.json.detail]).toEqual([
          "identity",
          "Send the body uncompressed, without `Content-Encoding`.",
        ]);
      }
      expect(await rowCount("users")).toBe(0);
    },
  );

  it("is not one with the coding identity, and a wrong media type names no coding", async () => {
    expect((await send(valid, { ...JSON_TYPE, "content-encoding": "Identity" })).status).toBe(201);
    expect((await send(valid, { "content-type": "text/plain" })).headers.get("accept-encoding")).toBeNull();
  });
});
