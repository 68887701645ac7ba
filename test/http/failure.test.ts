import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { failingD1 } from "../support/bindings.ts";
import { reset } from "../support/migrate.ts";
import { PASSWORD } from "../support/passwords.ts";
import { logIn } from "../support/people.ts";
import { rowCount } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

let logged: string[];

beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => logged.push(line));
});

const register = (world: ReturnType<typeof createWorld>) =>
  world.post("/auth/register", { email: "canary@example.com", password: PASSWORD });
const login = (world: ReturnType<typeof createWorld>) => logIn(world);

describe("a database failure", () => {
  it.each([
    ["register, before the commit", register, 1, "before", { users: 1, sessions: 0 }],
    ["register, after the commit", register, 1, "after", { users: 2, sessions: 0 }],
    ["login, while reading", login, 1, "before", { users: 1, sessions: 0 }],
    ["login, before the session is stored", login, 2, "before", { users: 1, sessions: 0 }],
    ["login, after the session was stored", login, 2, "after", { users: 1, sessions: 1 }],
  ] as const)("answers 503 with Retry-After: %s", async (_, act, n, when, rows) => {
    await createWorldWithJane();

    const { status, json, headers } = await act(createWorld({ DB: failingD1(env.DB, n, when) }));

    expect([status, json.code]).toEqual([503, "storage_unavailable"]);
    expect(headers.get("retry-after")).toBe("5");
    expect({ users: await rowCount("users"), sessions: await rowCount("sessions") }).toEqual(rows);
    expect(logged.map((line) => JSON.parse(line).event)).toEqual(["storage_failed", "request"]);
    expect(logged.join()).not.toMatch(/canary|correct-horse|janedoe|scrypt\$/);
  });

  it("answers 503 to the current user", async () => {
    const { login } = await createWorldWithJane();
    const { access_token } = await login();

    const { status, json } = await createWorld({ DB: failingD1(env.DB, 1, "before") }).me(access_token);

    expect([status, json.code]).toEqual([503, "storage_unavailable"]);
  });

  it.each([
    ["table: users", "drop table passwords; drop table sessions; drop table one_time_secrets; drop table users", login],
    ["column: users.credential_version", "alter table users drop column credential_version", login],
    ["table users has no column named roles", "alter table users drop column roles", register],
  ])("that a missing migration causes is named, in answer, page and log: %s", async (missing, sql, act) => {
    for (const statement of sql.split("; ")) await env.DB.exec(statement);
    onTestFinished(reset);
    const world = createWorld();

    const { status, json } = await act(world);

    const remedy = "npm run deploy";
    expect([status, json.code]).toEqual([503, "database_not_migrated"]);
    expect(json.detail).toContain(remedy);
    expect(json.errors[0].message).toContain(missing);
    const [line] = logged.map((text) => JSON.parse(text));
    expect([line.event, line.message]).toEqual(["storage_failed", json.errors[0].message]);
    expect(logged.join()).not.toMatch(/canary|janedoe/);
    const page = await createVisitor(world).post("/sign-in", { identifier: "janedoe", password: PASSWORD });
    if (act === login) expect(page.text).toContain(remedy);
    expect(page.text).not.toContain("in a moment");
  });
});

it("an unexpected exception answers 500 without internal details", async () => {
  const ASSETS = {
    fetch() {
      throw new TypeError("canary\n    at canary (canary.js:1:1)");
    },
  } as unknown as Fetcher;

  const { status, json, text } = await createWorld({ ASSETS }).get("/docs");

  expect([status, json.code]).toEqual([500, "internal_error"]);
  expect(text).not.toMatch(/canary|\.ts/);
  const line = JSON.parse(logged[0]!);
  expect(line).toEqual({
    level: "error",
    event: "request_failed",
    name: "TypeError",
    stack: expect.stringMatching(/^ {4}at .*failure\.test\.ts:\d+:\d+\)?\n {4}at /),
  });
  expect(logged.join()).not.toContain("canary");
});
