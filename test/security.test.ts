import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const text = readFileSync("SECURITY.md", "utf8");
const rows = text.split("\n").filter((line) => /^\| \d/.test(line));

/** The citations of a row: files by path, and after a path the titles of tests in it. */
function citationsOf(row: string): { path: string; name?: string }[] {
  let path = "";
  return [...row.matchAll(/`([\w/.-]+\.ts)`|"([^"`]+)"/g)].flatMap(([, file, name]) => {
    if (file) path = file.startsWith("src/") ? file : `test/${file}`;
    if (name && !path) return [];
    return [name ? { path, name } : { path }];
  });
}

describe("SECURITY.md", () => {
  it("has more than a hundred rows and 150 citations", () => {
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.flatMap(citationsOf).length).toBeGreaterThan(150);
  });

  it("cites existing files and test titles", () => {
    const wrong = rows.flatMap(citationsOf).filter(({ path, name }) => {
      return !existsSync(path) || (name && !readFileSync(path, "utf8").includes(name));
    });

    expect(wrong).toEqual([]);
  });

  it("lists each requirement once", () => {
    const ids = rows.flatMap((row) => (row.split("|")[1] ?? "").trim().split(", "));

    expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
  });
});
