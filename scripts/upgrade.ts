/**
 * `npm run upgrade`: merges a newer version of the project into the current branch. It resolves no
 * conflict, and neither pushes nor deploys. It can be repeated, also after a conflict.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { Refusal, run } from "./command.ts";

const USAGE = `npm run upgrade -- VERSION [--from URL] [--dry-run]

Merges a version of the project, such as 0.3.0 or main, into the current branch, and installs its
dependencies. Prints what CHANGELOG.md and docs/updates.md say about it. After a conflict, resolve
it, add the files, and run the command again.

--from     Address or folder of the project, for the git remote upstream. Needed once.
--dry-run  Fetches, prints the changes and the files that conflict, and changes nothing else.
--help     Prints this text.`;

const OPTIONS = { from: { type: "string" }, "dry-run": { type: "boolean" }, help: { type: "boolean" } } as const;
const NOTES = ["CHANGELOG.md", "docs/updates.md"];

/** Runs a program, without a shell and without questions. */
function start(program: string, args: string[]) {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: "true" };
  return spawnSync(program, args, { encoding: "utf8", env });
}

/** Runs git and returns its output. Throws a `Refusal` with its message if it fails. */
function git(...args: string[]): string {
  const { status, stdout, stderr } = start("git", args);
  if (status !== 0) throw new Refusal(`git ${args[0]}: ${stderr.trim() || stdout.trim()}`);
  return stdout.trim();
}

const exists = (ref: string) => start("git", ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]).status === 0;

export async function upgrade(args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return USAGE;
  const [version = "", ...rest] = positionals;
  if (!/^\w[\w./-]*$/.test(version) || rest.length > 0) throw new Refusal(USAGE);

  if (exists("MERGE_HEAD")) finishMerge();
  if (git("status", "--porcelain", "--untracked-files=no") !== "")
    throw new Refusal("Commit or stash your changes first: git status lists them.");
  const target = fetchVersion(version, values.from, values["dry-run"]);
  if (start("git", ["merge-base", "HEAD", target]).status !== 0)
    throw new Refusal("This repository has no history in common with the project: clone or fork it with its history.");
  const notes = notesOf(`HEAD...${target}`);
  if (values["dry-run"]) return `${notes}\n\n${foreseen(target)}`;

  const before = git("rev-parse", "HEAD");
  if (start("git", ["merge", "--no-edit", target]).status !== 0) {
    if (!exists("MERGE_HEAD")) throw new Refusal(`git merge ${target} failed. Run it to see why.`);
    throw new Refusal(`${notes}\n\n${conflictText()}`);
  }
  const { status } = spawnSync("node", ["scripts/install.mjs"], { stdio: "inherit" });
  if (status !== 0) throw new Refusal("The version is merged, but its dependencies are not installed. Run it again.");
  const isNew = git("rev-parse", "HEAD") !== before;
  return `${isNew ? `${notes}\n\n` : ""}The branch has ${version}. Next:
  npm test
  npm run deploy -- --env staging
  npm run deploy -- --env production`;
}

/** Commits a merge whose conflicts are resolved. Throws if some are not. */
function finishMerge() {
  if (git("diff", "--name-only", "--diff-filter=U") !== "") throw new Refusal(conflictText());
  git("commit", "--no-edit");
}

/** Fetches the versions of the project, apart from the tags of this repository. Returns a ref. */
function fetchVersion(version: string, from: string | undefined, isDryRun = false): string {
  const known = start("git", ["remote", "get-url", "upstream"]).stdout.trim();
  const source = from ?? known;
  if (source === "") throw new Refusal("Name the project with --from URL. It becomes the git remote upstream.");
  if (from !== undefined && known !== "" && known !== from)
    throw new Refusal(`The git remote upstream is ${known}. Change it with git remote set-url upstream.`);
  if (existsSync(".git/shallow")) throw new Refusal("This clone is shallow. Run git fetch --unshallow first.");
  if (known === "" && !isDryRun) git("remote", "add", "upstream", source);
  const refs = ["+refs/heads/*:refs/remotes/upstream/*", "+refs/tags/*:refs/upstream-tags/*"];
  git("fetch", "--no-tags", "--", source, ...refs);
  const names = [`refs/upstream-tags/v${version}`, `refs/upstream-tags/${version}`, `refs/remotes/upstream/${version}`];
  const target = names.find(exists);
  if (!target) throw new Refusal(`The project has no version ${version}.`);
  return target;
}

/** The lines that these commits added to the notes. */
const notesOf = (range: string) =>
  git("diff", "--unified=0", range, "--", ...NOTES)
    .split("\n")
    .filter((line) => /^\+(?!\+\+)/.test(line))
    .map((line) => line.slice(1))
    .join("\n");

/** What a merge would do, without doing it. */
function foreseen(target: string): string {
  const { status, stdout } = start("git", [
    "merge-tree",
    "--write-tree",
    "--name-only",
    "--no-messages",
    "HEAD",
    target,
  ]);
  const [, ...files] = stdout.trim().split("\n");
  return status === 0 ? "It merges without a conflict." : `These files conflict:\n  ${files.join("\n  ")}`;
}

const conflictText = () => `These files conflict:
  ${git("diff", "--name-only", "--diff-filter=U").replaceAll("\n", "\n  ")}
Edit each of them. In wrangler.toml keep your [env.*], and take the rest from the new version. Then run git add
on each, and this command again. git merge --abort goes back.`;

if (import.meta.main) run(upgrade);
