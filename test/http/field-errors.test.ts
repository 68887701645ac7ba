import { expect, it, vi } from "vitest";
import document from "../../public/openapi.json" with { type: "json" };
import { PASSWORD } from "../support/passwords.ts";
import { verifyAddresses } from "../support/rows.ts";
import { type Answer, createWorld, createWorldWithJane } from "../support/world.ts";

const REGISTER = { email: "john@example.com", password: PASSWORD };

/** The field errors of each request, as `path: code`. `me` is called with an access token. */
const CASES: [route: string, body: object, errors: string[]][] = [
  ["POST /auth/register", {}, ["email: required", "password: required"]],
  ["POST /auth/register", { password: PASSWORD }, ["email: required"]],
  ["POST /auth/register", { ...REGISTER, password: null }, ["password: required"]],
  ["POST /auth/register", { ...REGISTER, password: 12345678 }, ["password: wrong_type"]],
  ["POST /auth/register", { ...REGISTER, password: "short" }, ["password: too_short"]],
  ["POST /auth/register", { ...REGISTER, password: "" }, ["password: required"]],
  ["POST /auth/login", { identifier: "janedoe", password: "" }, ["password: too_short"]],
  ["POST /auth/verify", { identifier: "janedoe", otp: "" }, ["otp: invalid_format"]],
  ["POST /auth/register", { ...REGISTER, password: "x".repeat(257) }, ["password: too_long"]],
  ["POST /auth/register", { ...REGISTER, password: "x".repeat(600) }, ["password: too_long"]],
  ["POST /auth/register", { ...REGISTER, password: "password1" }, ["password: common_password"]],
  ["POST /auth/register", { ...REGISTER, password: "john@example.com" }, ["password: identifier_as_password"]],
  ["POST /auth/register", { ...REGISTER, confirm_password: "other" }, ["confirm_password: mismatch"]],
  ["POST /auth/register", { ...REGISTER, email: "nothing" }, ["email: invalid_format"]],
  ["POST /auth/register", { ...REGISTER, username: "7" }, ["username: invalid_format"]],
  ["POST /auth/register", { ...REGISTER, phone: "12" }, ["phone: invalid_format"]],
  ["POST /auth/register", { ...REGISTER, phone: "+447400123456" }, ["phone: unsupported_phone"]],
  ["POST /auth/register", { ...REGISTER, first_name: "a\nb" }, ["first_name: invalid_format"]],
  ["POST /auth/register", { ...REGISTER, locale: "?" }, ["locale: invalid_format"]],
  ["POST /auth/register", { ...REGISTER, contact: "fax" }, ["contact: invalid_value"]],
  ["POST /auth/register", { ...REGISTER, contact: "phone" }, ["contact: missing_address"]],
  ["POST /auth/register", { ...REGISTER, a: 1, b: 1 }, ["a: unknown_field", "b: unknown_field"]],
  [
    "POST /auth/register",
    { email: "jane.doe@example.com", username: "janedoe", password: PASSWORD },
    ["email: taken", "username: taken"],
  ],
  ["POST /auth/login", { password: PASSWORD }, ["identifier: required"]],
  ["POST /auth/login", { email: "a@b.example", phone: "1", password: PASSWORD }, ["identifier: conflict"]],
  ["POST /auth/login", { identifier: "", password: PASSWORD }, ["identifier: required"]],
  ["POST /auth/login", { identifier: "a", password: PASSWORD, transport: "x" }, ["transport: invalid_value"]],
  ["PATCH /users/me", {}, [": required"]],
  ["PATCH /users/me", { contact: "phone", password: PASSWORD }, []],
  ["POST /users/me/email", { email: "jane.doe@example.com", password: PASSWORD }, ["email: unchanged"]],
  [
    "POST /users/me/password",
    { old_password: PASSWORD, current_password: PASSWORD, new_password: "brand-new-horse-8" },
    ["old_password: conflict"],
  ],
  ["GET /users/me/events?limit=0", {}, ["limit: out_of_range"]],
  ["GET /users/me/events?limit=many", {}, ["limit: invalid_format"]],
];

it("every field error of the API has a code that says what is wrong", async () => {
  const { world, login } = await createWorldWithJane();
  await verifyAddresses();
  const token = (await login()).access_token;

  for (const [route, body, expected] of CASES) {
    const [method = "", path = ""] = route.split(" ");
    const { json } = await world.call(method, path, { token, ...(method !== "GET" && { body }) });
    const errors = (json?.errors ?? []) as { path: string; code: string }[];
    expect([route, body, errors.map((error) => `${error.path}: ${error.code}`)]).toEqual([route, body, expected]);
  }
});

it("a missing field and one of another type are reported in plain words", async () => {
  const messagesOf = async (body: object) => {
    const { json } = await createWorld().post("/auth/login", { identifier: "janedoe", ...body });
    return json.errors.map(({ message }: { message: string }) => message);
  };

  expect(await messagesOf({})).toEqual(["Required."]);
  expect(await messagesOf({ password: null })).toEqual(["Required."]);
  expect(await messagesOf({ password: 12345678 })).toEqual(["Must be of type string."]);
});

it("a number, a text or a list beyond its limit is told the limit", async () => {
  const { world, login } = await createWorldWithJane();
  const token = (await login()).access_token;
  const messagesOf = async (method: string, path: string, body?: object) => {
    const { json } = await world.call(method, path, { token, ...(body && { body }) });
    return json.errors.map(({ message }: { message: string }) => message);
  };
  const linking = (provider: unknown) => messagesOf("POST", "/users/me/identities", { provider });
  const response = { clientDataJSON: "AAAA", attestationObject: "AAAA" };
  const credential = { id: "", rawId: "AAAA", type: "public-key", response };

  expect([
    await messagesOf("GET", "/users/me/events?limit=0"),
    await messagesOf("GET", "/users/me/events?limit=101"),
    await messagesOf("POST", "/users/me/passkeys", { credential }),
    await linking("x".repeat(33)),
    await linking(Array(33).fill("x")),
  ]).toEqual([
    ["Too small: expected number to be >=1"],
    ["Too big: expected number to be <=100"],
    ["Too small: expected string to have >=1 characters"],
    ["Too big: expected string to have <=32 characters"],
    ["Must be of type string.", "Too big: expected array to have <=32 items"],
  ]);
});

it("a field of another request or a value that is not in the list is told what to send instead", async () => {
  const { world, login } = await createWorldWithJane();
  const token = (await login()).access_token;
  const patched = async (body: object) => (await world.call("PATCH", "/users/me", { token, body })).json.errors;
  const at = (path: string, code: string, message: string) => [{ path, code, message }];

  const changes = "changes it.";
  const email = at("email", "unknown_field", `Unknown field. \`POST /users/me/email\` ${changes}`);
  const phone = at("phone", "unknown_field", `Unknown field. \`POST /users/me/phone\` ${changes}`);
  expect([await patched({ locale: "de", email: "a@b.example" }), await patched({ locale: "de", phone: "+1" })]).toEqual(
    [email, phone],
  );
  expect(await patched({ locale: "de", constructor: 1 })).toEqual(at("constructor", "unknown_field", "Unknown field."));
  const oneOf = at("contact", "invalid_value", "Must be one of: email, phone.");
  expect(await patched({ contact: "Email", password: PASSWORD })).toEqual(oneOf);
  const { json } = await world.post("/auth/login", { grant_type: "password", username: "janedoe", password: PASSWORD });
  expect(json.errors).toEqual(at("grant_type", "unknown_field", "Unknown field. Send it in a URL-encoded form."));
});

it("a second Authorization header is told to be one too many", async () => {
  const { world, login } = await createWorldWithJane();
  const token = (await login()).access_token;

  const { status, json } = await world.get("/users/me", { authorization: `Bearer ${token}, Bearer ${token}` });

  expect([status, json.code, json.detail]).toEqual([401, "unauthenticated", "Send `Authorization` once."]);
});

it("the settings have such codes too", async () => {
  const codesOf = ({ json }: Answer) => json.errors.map(({ code }: { code: string }) => code);

  vi.spyOn(console, "error").mockImplementation(() => {});
  expect(codesOf(await createWorld({ PEPPER: "short" }).get("/health"))).toEqual(["invalid_setting"]);
});

it("the API reference and the docs list every code of a field error", async () => {
  const { world } = await createWorldWithJane();
  const codes = document.components.schemas.FieldError.properties.code.enum;
  const { text } = await world.get("/docs/errors");

  expect(codes).toContain("breached_password");
  expect(codes.filter((code) => !text.includes(`<code>${code}</code>`))).toEqual([]);
});
