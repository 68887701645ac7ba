import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { upgrade } from "../../scripts/upgrade.ts";

const HOME = process.cwd();
const IDENTITY = ["-c", "user.name=Jane", "-c", "user.email=jane@example.com"];

let folder: string;
let project: string;
let own: string;

const git = (where: string, ...args: string[]) =>
  execFileSync("git", [...IDENTITY, ...args], { cwd: where, encoding: "utf8", stdio: "pipe" }).trim();

/** Commits files to a repository. */
function commit(where: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(where, name), text);
  git(where, "add", "--all");
  git(where, "commit", "--message", "Change");
}

const read = (name: string) => readFileSync(join(own, name), "utf8");

/** The project with a release, a clone of it with settings of its own, and the next release. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-"));
  [project, own] = [join(folder, "project"), join(folder, "own")];
  mkdirSync(join(project, "scripts"), { recursive: true });
  git(project, "init", "--quiet", "--initial-branch", "main");
  writeFileSync(join(project, "scripts/install.mjs"), "");
  commit(project, { "wrangler.toml": "name = 1\n", "CHANGELOG.md": "# Changelog\n", "words.ts": "old\n" });
  git(project, "tag", "v0.1.0");
  git(folder, "clone", "--quiet", project, own);
  for (const [name, value] of [
    ["name", "Jane"],
    ["email", "jane@example.com"],
  ])
    git(own, "config", `user.${name}`, `${value}`);
  git(own, "remote", "remove", "origin");
  commit(project, { "CHANGELOG.md": "# Changelog\n\n## 0.2.0\n\n- New words.\n", "words.ts": "new\n" });
  git(project, "tag", "v0.2.0");
  process.chdir(own);
});

afterEach(() => {
  process.chdir(HOME);
  rmSync(folder, { recursive: true });
});

it("merges a release, keeps the team's settings, and prints the changes and the next commands", async () => {
  commit(own, { "settings.toml": "own\n" });
  await expect(upgrade(["0.2.0"])).rejects.toThrow("--from URL");

  const dry = await upgrade(["0.2.0", "--from", project, "--dry-run"]);
  expect([dry, read("words.ts"), git(own, "remote")]).toEqual([
    expect.stringContaining("without a conflict"),
    "old\n",
    "",
  ]);

  const printed = await upgrade(["0.2.0", "--from", project]);
  expect(printed).toMatch(/## 0\.2\.0\n\n- New words\.[\s\S]*npm run deploy -- --env staging/);
  expect([read("words.ts"), read("settings.toml"), git(own, "tag")]).toEqual(["new\n", "own\n", "v0.1.0"]);
  expect(await upgrade(["0.2.0"])).toMatch(/^The branch has 0\.2\.0/);
});

it("names the files that conflict, and goes on once they are resolved", async () => {
  commit(own, { "words.ts": "ours\n" });
  expect(await upgrade(["0.2.0", "--from", project, "--dry-run"])).toContain("conflict:\n  words.ts");

  await expect(upgrade(["0.2.0", "--from", project])).rejects.toThrow("conflict:\n  words.ts");
  await expect(upgrade(["0.2.0"])).rejects.toThrow("conflict:\n  words.ts");
  writeFileSync("words.ts", "both\n");
  git(own, "add", "words.ts");

  expect(await upgrade(["0.2.0"])).toContain("The branch has 0.2.0");
  expect([read("words.ts"), git(own, "status", "--porcelain")]).toEqual(["both\n", ""]);
});

it("refuses changes that are not committed, versions that do not exist, and options as versions", async () => {
  await expect(upgrade(["9.9.9", "--from", project])).rejects.toThrow("no version 9.9.9");
  await expect(upgrade(["main", "--from", folder])).rejects.toThrow("The git remote upstream is");
  await expect(upgrade([])).rejects.toThrow("npm run upgrade");
  writeFileSync("words.ts", "changed\n");
  await expect(upgrade(["0.2.0"])).rejects.toThrow("Commit or stash");
  expect([read("words.ts"), read("CHANGELOG.md")]).toEqual(["changed\n", "# Changelog\n"]);
});
