import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { admin } from "../../scripts/admin.ts";
import { withLocalBindings } from "../../scripts/local-bindings.ts";
import { inOneDatabase, run, runProgram, turnOnApiKeys } from "../support/admin-clone.ts";
import { allInOneClone, HERE, STATE } from "../support/working-clone.ts";

const SLOW = { timeout: 240_000 };

allInOneClone(turnOnApiKeys);

/** Runs statements in the database. */
const sql = (...statements: string[]) =>
  withLocalBindings({ persistTo: STATE }, async ({ DB }: { DB: D1Database }) => {
    await DB.batch(statements.map((statement) => DB.prepare(statement)));
  });

it("makes the first administrator, whose password is set by a mailed link", SLOW, async () => {
  const created = await runProgram("create", "--email", "First@Example.com", "--role", "admin", "--json");
  // As a program sees it: nothing but the answer is on the output.
  expect([created.status, created.stderr]).toEqual([0, ""]);
  const account = JSON.parse(created.stdout);
  expect(account).toMatchObject({ email: "first@example.com", email_verified: false, roles: ["admin"] });

  const reset = await runProgram("reset", "first@example.com");
  expect(reset).toEqual({
    status: 0,
    stdout: "first@example.com: A link that sets a password is on its way.\n",
    stderr: "",
  });

  const mails = await withLocalBindings({ persistTo: STATE }, async ({ DENYLIST }: Env) => {
    const { keys } = await DENYLIST.list({ prefix: "outbox:mail:" });
    return Promise.all(keys.map(({ name }) => DENYLIST.get<{ to: string; text: string }>(name, "json")));
  });
  expect(mails).toEqual([
    expect.objectContaining({
      to: "first@example.com",
      text: expect.stringMatching(/reset-password\?token=[\w-]{43}/),
    }),
  ]);
});

it("does each act, and leaves its event with the caller", SLOW, () =>
  inOneDatabase(async (run, json) => {
    const { id } = await json("create", "--email", "jane@example.com", "--username", "jane", "--first-name", "Jane");
    await sql(
      `insert into totps (user_id, secret, created_at, confirmed_at) values ('${id}', 'x', 1, 1)`,
      `insert into identities (issuer, subject, id, user_id, provider, email, linked_at)
     values ('https://id.example', 'x', 'linked', '${id}', 'acme', 'jane@id.example', 1)`,
      `insert into api_keys (id, digest, user_id, name, scopes, created_at) values ('key', 'x', '${id}', 'Backup', '[]', 1)`,
      `insert into sessions (id, user_id, created_at, last_used_at, expires_at) values ('s', '${id}', 1, 1, ${Date.now() * 2})`,
    );

    expect(await run("show", "jane")).toMatch(new RegExp(`^id: ${id}\\n.*first_name: Jane`, "s"));
    expect(await run("find", "jan")).toBe(`${id}  jane@example.com  jane`);
    expect(await json("find", "jan")).toMatchObject({ users: [{ id, disabled_at: null }], next_cursor: null });
    expect(await json("update", "JANE@example.com", "--phone", "+14155552671", "--first-name", "")).toMatchObject({
      phone: "+14155552671",
      first_name: null,
    });
    expect(await run("verify", "jane", "+1 415 555 2671")).toBe("+1 415 555 2671 is verified.");
    expect(await run("unverify", "jane", "+14155552671")).toBe("+14155552671 is not verified.");
    expect(await run("verify", "jane", "Jane@example.com")).toBe("Jane@example.com is verified.");
    expect(await run("grant", "+1 415 555 2671", "support", "admin")).toBe("jane@example.com has admin support.");
    expect(await json("revoke", id, "support")).toEqual({ id, roles: ["admin"] });
    expect(await run("end-sessions", "jane", "--yes")).toBe("jane@example.com: Every session has ended.");
    expect(await run("reset", "jane")).toMatch(/on its way\.$/);
    expect(await run("identities", "jane")).toMatch(/^linked {2}acme {2}jane@id\.example {2}1970/);
    expect(await run("unlink", "jane", "linked", "--yes")).toMatch(/^Unlinked\./);
    expect(await run("api-keys", "jane")).toBe("key  Backup");
    expect(await run("revoke-api-key", "key", "--yes")).toBe("Revoked.");
    expect(await run("remove-factors", "jane", "--yes")).toMatch(/\nremoval_due_at: 20/);
    expect(await run("keep-factors", "jane")).toBe("jane@example.com: The second factors stay.");
    expect(await run("void-password", "jane", "--yes")).toMatch(/^jane@example\.com: The password/);
    expect(await run("disable", "jane", "--yes")).toMatch(/^jane@example\.com: The account is disabled\./);
    expect(await run("show", "jane")).toMatch(/disabled_at: 20/);
    expect(await run("enable", "jane")).toBe("jane@example.com: The account is enabled.");
    expect(await json("delete", "jane", "--yes")).toEqual({ id });

    const { events } = await json("events", id, "--limit", "100");
    const all = events as { type: string; caller: string | null }[];
    const made = all.filter(({ caller }) => caller === "command line").map(({ type }) => type);
    expect(made.toReversed()).toEqual([
      "registered",
      "account_changed",
      "phone_changed",
      "phone_verified",
      "phone_unverified",
      "email_verified",
      "roles_changed",
      "roles_changed",
      "session_revoked",
      "reset_link_requested",
      "identity_unlinked",
      "api_key_revoked",
      "factor_removal_requested",
      "factor_removal_canceled",
      "password_voided",
      "account_disabled",
      "account_enabled",
      "account_deleted",
    ]);
    expect(await run("events", id, "--limit", "1")).toMatch(
      /^20.+Z {2}account_deleted {2}command line\n.+--cursor [\d.]+$/,
    );
  }),
);

it("writes no event for roles that the account has already", SLOW, () =>
  inOneDatabase(async (run, json) => {
    const { id } = await json("create", "--email", "roles@example.com", "--role", "admin");
    expect(await run("grant", id, "admin", "--yes")).toBe("roles@example.com has admin.");
    expect((await json("events", id)).events).toHaveLength(1);
  }),
);

it("gives no role to an account that a stranger may have registered, unless it is confirmed", SLOW, () =>
  inOneDatabase(async (run, json) => {
    const { id } = await json("create", "--email", "owner@example.com");

    await expect(run("grant", "owner@example.com", "admin")).rejects.toThrow(
      /^Nobody has proven an address of this account: .+ Without a terminal, confirm with --yes\.$/,
    );
    expect(await json("show", id)).toMatchObject({ roles: [] });

    await run("verify", id, "owner@example.com");
    expect(await json("grant", id, "admin")).toEqual({ id, roles: ["admin"] });
  }),
);

it("acts on an account only if its whole name is given", SLOW, () =>
  inOneDatabase(async (run, json) => {
    await run("create", "--email", "ann@example.com");
    await run("create", "--email", "ann@example.com.eg");

    expect(await json("show", "ann@example.com")).toMatchObject({ email: "ann@example.com" });
    await expect(run("delete", "ann@", "--yes")).rejects.toThrow(
      /^No account is called ann@\. Name one by its id:\n[\w-]{36} {2}ann@example\.com(\.eg)?\n[\w-]{36} {2}ann@example\.com(\.eg)?$/,
    );
    await expect(run("show", "nobody")).rejects.toThrow("There is no account nobody. npm run admin -- find lists all.");
  }),
);

it("prints what users wrote without the power to move the cursor", SLOW, () =>
  inOneDatabase(async (run, json) => {
    const evil = "first\nid: forged\u001b[2J\u202e";
    const { id } = await json("create", "--email", "evil@example.com", "--short-description", evil);
    expect(await run("show", id)).toContain(String.raw`short_description: "first\nid: forged\u001b[2J\u202e"`);
  }),
);

it("says that a message was not sent, and why", SLOW, async () => {
  const settings = readFileSync(".dev.vars", "utf8");
  const nobody = 'RESEND_API_KEY="x"\nRESEND_BASE_URL="http://127.0.0.1:9"\nMAIL_FROM="auth@example.com"\n';
  writeFileSync(".dev.vars", settings.replace(/^(RESEND|MAIL_FROM).*$/gm, "") + nobody);
  try {
    await expect(run("reset", "first@example.com")).rejects.toThrow(
      /^It is done, but a message was not sent\.\n.*"kind":"password-reset-link".*"reason":"resend_/,
    );
  } finally {
    writeFileSync(".dev.vars", settings);
  }
});

it("lists the messages that were not sent, and sends them again", SLOW, () =>
  inOneDatabase(async (run, json) => {
    const { id } = await json("create", "--email", "dead@example.com");
    const identifier = { kind: "email", value: "dead@example.com" };
    const link = { kind: "password-reset-link", identifier, reason: "twilio_unreachable" };
    const names = ["first", "second", "third"];
    await sql(...names.map((name) => `insert into dead_messages values ('${name}', '${JSON.stringify(link)}', 1)`));

    const line = new RegExp(
      `^third  1970-01-01T00:00:00.001Z  password-reset-link  ${id}  twilio_unreachable\\n.+ --cursor \\d+$`,
    );
    expect(await run("dead-messages", "--limit", "1")).toMatch(line);
    expect(await run("send-again", "second")).toMatch(/^1 in the queue again\./);
    expect(await json("send-again", "--all")).toEqual({ sent: ["third", "first"] });
    expect(await run("dead-messages")).toBe("Every message was sent.");
    const { events } = await json("events", id);
    expect(events[0]).toMatchObject({ type: "message_resent", caller: "command line" });
    await expect(run("send-again", "second")).rejects.toThrow(/^second is no message, or is being sent\./);
    for (const words of [[], ["first", "--all"]])
      await expect(run("send-again", ...words)).rejects.toThrow("Name messages by their ids, or choose --all.");
  }),
);

it("says what is wrong with a field, an account or an id", SLOW, () =>
  inOneDatabase(async (run) => {
    await run("create", "--email", "known@example.com");
    const cases: [string[], RegExp][] = [
      [["create", "--email", "jane"], /^--email: Must be an email address/],
      [["create", "--username", "john"], /^--email: Send an email address or a phone/],
      [["create", "--email", "known@example.com"], /^--email: Taken\.$/],
      [["grant", "known@example.com", "Admin", "--yes"], /^ROLE: Must be a lowercase name/],
      [["verify", "known@example.com", "x@example.com"], /has no such address\.$/],
      [["remove-factors", "known@example.com", "--yes"], /^known@example\.com has no second factor\.$/],
      [["keep-factors", "known@example.com"], /^known@.+ has no second factors that wait for their removal\.$/],
      [["unlink", "known@example.com", "x", "--yes"], /^known@.+ has no such identity\./],
      [["revoke-api-key", "x", "--yes"], /^There is no such API key\.$/],
      [["find", "--limit", "many"], /^--limit: /],
    ];
    for (const [args, message] of cases) await expect(run(...args)).rejects.toThrow(message);
  }),
);

it.each<[string, string[], RegExp]>([
  ["an unknown command", ["promote", "x"], /^npm run admin/],
  ["a name of Object.prototype", ["constructor", "x"], /^npm run admin/],
  ["a missing user", ["grant"], /^npm run admin/],
  ["a word too many", ["show", "x", "y"], /^npm run admin/],
  ["an option of another command", ["show", "x", "--role", "admin"], /^npm run admin/],
  ["an unknown option", ["create", "--password", "x"], /^Unknown option '--password'/],
  ["two targets", ["find", "--env", "production", ...HERE], /^--persist-to names a local database, .* Choose one\.$/],
  ["an unknown environment", ["find", "--env", "nowhere"], /nowhere/],
  [
    "a database without tables",
    ["find", "--persist-to", "empty"],
    /^The database is not migrated\. Run .* `npm start`/,
  ],
])("refuses %s, and says what to do", SLOW, async (_, args, message) => {
  await expect(admin(args)).rejects.toThrow(message);
});
