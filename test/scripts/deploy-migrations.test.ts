import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findChanges } from "../../scripts/deploy/migrations.ts";
import { migrationsIn, statementsOf } from "../../scripts/migrations.ts";
import { deployments, eachInItsProject, project, run } from "../support/deployed-project.ts";
import { PREVIOUS_RELEASE } from "../support/previous-release.ts";

const FIRST = ["--env", "production", "--domain", "auth.example.com", "--mail-from", "auth@example.com"];
const DROP = "ALTER TABLE `users` DROP COLUMN `username`;\n";

eachInItsProject();
const migration = (sql: string) => writeFileSync(join(project.folder, "migrations/9999_next.sql"), sql);

describe("a pending migration", { timeout: 120_000 }, () => {
  it("that only adds is applied before the new version is uploaded, without a question", async () => {
    await run(...FIRST);
    migration("ALTER TABLE `users` ADD `nickname` text;--> statement-breakpoint\nCREATE TABLE `pets` (`id` text);\n");
    project.forget();

    await run(...FIRST);

    expect(project.commands().slice(-2)).toEqual([
      "d1 migrations apply DB --remote --env=production",
      "deploy --env=production",
    ]);
  });

  it("that drops a column waits for --yes", async () => {
    await run(...FIRST);
    migration(DROP);

    await expect(run(...FIRST)).rejects.toThrow("confirm with --yes");
    expect([project.account().applied.includes("9999_next.sql"), deployments().length]).toEqual([false, 1]);
    expect(project.printed.join("\n")).toContain("9999_next.sql: ALTER TABLE `users` DROP COLUMN `username`");
    await run(...FIRST, "--yes");

    expect([project.account().applied.includes("9999_next.sql"), deployments().length]).toEqual([true, 2]);
  });

  it.each([
    ["y", 2],
    ["", 1],
  ])("that drops a column is asked about at a terminal, where %j leads to %i deployments", async (reply, count) => {
    await run(...FIRST, "--yes");
    migration(DROP);
    project.host.isInteractive = true;
    project.host.ask = async (question) => (question.startsWith("Continue?") ? reply : "");

    await run(...FIRST).catch(({ message }: Error) => expect(message).toBe("Stopped."));

    expect(deployments()).toHaveLength(count);
  });

  it.each([
    ["CREATE TABLE `a` (`id` text)", true],
    ["CREATE INDEX `i` ON `users` (`email`)", true],
    ["-- A comment; DROP TABLE\nALTER TABLE `users` ADD COLUMN `x` text", true],
    ["CREATE UNIQUE INDEX `i` ON `users` (`email`)", false],
    ["DROP TABLE `users`", false],
    ["ALTER TABLE `users` RENAME TO `people`", false],
    ["UPDATE `users` SET `x` = 1", false],
    ["DELETE FROM `users`", false],
    ["PRAGMA foreign_keys = OFF", false],
  ])("%s: only adds is %s", (statement, onlyAdds) => {
    expect(findChanges([{ name: "1.sql", statements: [statement] }]).length === 0).toBe(onlyAdds);
  });

  it("adds a unique index to a table that is new too", () => {
    const statements = ["CREATE TABLE `a` (`id` text)", "CREATE UNIQUE INDEX `i` ON `a` (`id`)"];

    expect(findChanges([{ name: "1.sql", statements }])).toEqual([]);
  });
});

describe("a migration since the previous release", () => {
  it("only adds, so that both versions can use the tables, or says why it may do more", async () => {
    const released = migrationsIn("migrations").indexOf(PREVIOUS_RELEASE.migration);
    expect(released).toBeGreaterThan(0);
    const silent = migrationsIn("migrations")
      .slice(released + 1)
      .filter((name) => !/^-- More than additions: \S/m.test(readFileSync(`migrations/${name}`, "utf8")));

    const added = await Promise.all(
      silent.map(async (name) => ({ name, statements: await statementsOf("migrations", name) })),
    );

    expect(findChanges(added)).toEqual([]);
  });
});
