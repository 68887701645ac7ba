import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHAPTERS, type Requirement } from "../docs/asvs.ts";
import { ASVS_FILE, asvsDocument } from "../scripts/docs/asvs.ts";

const requirements = CHAPTERS.flatMap((chapter) => chapter.requirements);

interface Citation {
  path: string;
  title?: string;
}

/** The citations of a text: files by path, and after a path the titles of tests in it. */
function citationsOf(text: string): Citation[] {
  let path = "";
  return [...text.matchAll(/`([\w/.-]+\.ts)`|"([^"`]+)"/g)].flatMap(([, file, title]) => {
    if (file) path = file.startsWith("src/") ? file : `test/${file}`;
    if (title && !path) return [];
    return [title ? { path, title } : { path }];
  });
}

const isWrong = ({ path, title }: Citation) =>
  !existsSync(path) || (title !== undefined && !readFileSync(path, "utf8").includes(title));

const saysHolds = ({ how }: Requirement): Requirement["holds"] => {
  if (/^(Out of scope|Does not apply)\b/.test(how)) return "out of scope";
  return !how.includes("**Does not hold**");
};

describe("the review against ASVS", () => {
  it("has more than a hundred rows and 150 citations", () => {
    expect(requirements.length).toBeGreaterThan(100);
    expect(requirements.flatMap(({ how }) => citationsOf(how)).length).toBeGreaterThan(150);
  });

  it("cites existing files and test titles", () => {
    expect(requirements.flatMap(({ how }) => citationsOf(how)).filter(isWrong)).toEqual([]);
  });

  it("lists each requirement once, in the chapter of its number", () => {
    const ids = requirements.flatMap((requirement) => requirement.ids);

    expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([]);
    const misplaced = CHAPTERS.flatMap(({ title, requirements: rows }) =>
      rows.flatMap((row) => row.ids).filter((id) => !title.startsWith(`V${id.split(".")[0]} `)),
    );
    expect(misplaced).toEqual([]);
  });

  it("says in words what holds", () => {
    expect(requirements.filter((row) => row.holds !== saysHolds(row)).map(({ ids }) => ids)).toEqual([]);
  });

  it("is written to docs/asvs.md by `npm run asvs`", () => {
    expect(readFileSync(ASVS_FILE, "utf8")).toBe(asvsDocument());
  });
});

it("the table of NIST SP 800-63B-4 in docs/second-factors.md cites existing files and test titles", () => {
  const [, table = ""] = readFileSync("docs/second-factors.md", "utf8").split("## NIST SP 800-63B-4");
  const rows = table.split("\n").filter((line) => line.startsWith("| ") && line.includes(".test.ts"));

  expect(rows.length).toBeGreaterThan(10);
  expect(rows.flatMap(citationsOf).filter(isWrong)).toEqual([]);
});

it("SECURITY.md names existing files", () => {
  const text = readFileSync("SECURITY.md", "utf8");
  const links = [...text.matchAll(/\]\(([\w/.-]+)\)/g)].map(([, path = ""]) => ({ path }));

  expect(links.length).toBeGreaterThan(0);
  expect([...links, ...citationsOf(text).map(({ path }) => ({ path }))].filter(isWrong)).toEqual([]);
});
