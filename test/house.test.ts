import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { BACKGROUNDS } from "../src/config/brand-color.ts";

/**
 * The folders (or files) of src that each may import from. Its own is always allowed, and COMMON.
 */
const MAY_IMPORT: Record<string, string[]> = {
  index: ["entrypoints"],
  entrypoints: ["features", "gallery", "messages", "http", "pages", "deps", "schemas", "senders", "storage", "crypto"],
  // Development only.
  gallery: ["features", "pages", "messages", "http", "locales", "deps", "config", "schemas", "senders", "crypto"],
  features: [
    "auth",
    "messages",
    "http",
    "pages",
    "locales",
    "deps",
    "config",
    "schemas",
    "senders",
    "identity-providers",
    "storage",
    "crypto",
  ],
  // The script of the pages asks the browser for passkeys as the client does.
  pages: ["http", "locales", "schemas", "passwords", "sdk", "crypto"],
  http: ["deps", "config", "locales", "schemas", "crypto"],
  auth: ["deps", "config", "schemas", "storage", "crypto"],
  messages: ["deps", "locales", "schemas", "senders", "storage", "crypto"],
  deps: ["config", "identity-providers", "locales", "passwords", "schemas", "senders", "storage", "crypto"],
  schemas: ["locales", "passwords", "storage"],
  passwords: ["config", "crypto"],
  config: ["crypto", "identity-providers"],
  storage: ["drizzle"],
  senders: [],
  "identity-providers": ["locales", "schemas"],
  locales: [],
  crypto: [],
  // Other code imports it: it comes with nothing but these.
  sdk: ["crypto"],
};
const COMMON = ["result", "errors", "log", "metrics", "static-file", "contract"];

const files = globSync("src/**/*.{ts,tsx}").filter((file) => !file.endsWith(".d.ts"));

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

/** Every import of a file, types included. */
const importsOf = (file: string): Import[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export) (type )?[^;]*?from "([^"]+)";/gms)].map(
    ([, type, specifier = ""]) => ({
      file,
      target: specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier,
      typeOnly: type !== undefined,
    }),
  );

const imports = files.flatMap(importsOf);
const inner = imports.filter(({ target }) => /^(src|drizzle)\//.test(target));

const room = (file: string) => {
  const [top, next = ""] = file.split("/");
  return top === "src" ? next.replace(/\.tsx?$/, "") : (top ?? "");
};
const slice = (file: string) => /^src\/features\/([^/]+)\//.exec(file)?.[1];
const isAct = (file: string) => slice(file) && !/\/(routes|([a-z]+-)*(openapi|page))\.tsx?$/.test(file);
const show = ({ file, target }: Import) => `${file} → ${target}`;

/** The lines of files that match, as `file:line: text`. */
const linesOf = (globs: string[], pattern: RegExp) =>
  globs
    .flatMap((glob) => globSync(glob, { exclude: ["**/node_modules/**"] }))
    .flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line, n) => (pattern.test(line) ? [`${file}:${n + 1}: ${line.trim()}`] : [])),
    );

describe("imports", () => {
  it("are all checked: every file belongs to a known folder", () => {
    expect(inner.length).toBeGreaterThan(50);
    expect(files.map(room).filter((name) => !(name in MAY_IMPORT || COMMON.includes(name)))).toEqual([]);
  });

  it("never point upward", () => {
    const wrong = inner.filter(({ file, target }) => {
      const [from, to] = [room(file), room(target)];
      return from !== to && !COMMON.includes(to) && !MAY_IMPORT[from]?.includes(to);
    });

    expect(wrong.filter(({ file }) => !COMMON.includes(room(file))).map(show)).toEqual([]);
  });

  it("form no circle", () => {
    const targets = Map.groupBy(inner, ({ file }) => file);
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      else if (!done.has(file)) {
        for (const { target } of targets.get(file) ?? []) visit(target, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);

    expect(circles).toEqual([]);
  });

  it("keep features apart", () => {
    const wrong = inner.filter(({ file, target }) => slice(file) && slice(target) && slice(file) !== slice(target));

    expect(wrong.map(show)).toEqual([]);
  });

  it("keep HTTP out of the acts", () => {
    expect(inner.filter(({ file, target }) => isAct(file) && room(target) === "http").map(show)).toEqual([]);
    expect(
      imports
        .filter(
          ({ file, target }) => /^hono/.test(target) && !/http\/|routes|page|gallery\/|entrypoints\/|sdk\//.test(file),
        )
        .map(show),
    ).toEqual([]);
  });

  it("take settings and deps into features as types only", () => {
    const wrong = inner.filter(
      ({ file, target, typeOnly }) => slice(file) && ["deps", "config"].includes(room(target)) && !typeOnly,
    );

    expect(wrong.map(show)).toEqual([]);
  });

  it("let only storage speak to the database", () => {
    const wrong = imports.filter(({ file, target }) => /^drizzle/.test(target) && room(file) !== "storage");

    expect(wrong.map(show)).toEqual([]);
  });

  it("leave the contract alone: it has no code and imports only types of its own and of results", () => {
    const contract = inner.filter(({ file }) => room(file) === "contract");
    const isAllowed = ({ target }: Import) => ["contract", "result", "errors"].includes(room(target));
    const hasLists = /\/(events|messages|oauth-client)\.ts$/;
    const types = files.filter((file) => room(file) === "contract" && !hasLists.test(file));
    const code = /^(export )?(default|const|let|function|async|class|enum) /m;
    expect(contract.filter((item) => !(item.typeOnly && isAllowed(item))).map(show)).toEqual([]);
    expect(types.filter((file) => code.test(readFileSync(file, "utf8")))).toEqual([]);
  });

  it("take only the contract and the token checks into the SDK", () => {
    const shared = /^src\/(sdk|contract|result|errors|crypto\/(access-token|keys))\b/;
    // The test kit's Worker is bundled, and runs nowhere else.
    const allowed = (file: string) => ["hono", "jose", ...(/test-worker/.test(file) ? ["cloudflare:workers"] : [])];
    const wrong = imports.filter(
      ({ file, target }) => room(file) === "sdk" && !shared.test(target) && !allowed(file).includes(target),
    );

    expect(wrong.map(show)).toEqual([]);
  });

  it("keep the API reference out of the bundle", () => {
    expect(inner.filter(({ target }) => target.endsWith("openapi.ts")).map(show)).toEqual([]);
    const examples = inner.filter(({ target }) => target === "src/http/examples.ts");
    expect(examples.filter(({ file }) => !file.endsWith("openapi.ts")).map(show)).toEqual([]);
  });
});

it("only sign-in.ts opens a session", () => {
  const callers = linesOf(["src/**/*.{ts,tsx}"], /\binsertSession\(/).map((line) => line.split(":")[0]);

  expect(callers.sort()).toEqual(["src/auth/sign-in.ts", "src/storage/session-opening.ts"]);
});

describe("storage", () => {
  it("reads the results of a batch by name", () => {
    // Drizzle's own batch answers by position.
    const positional = linesOf(["src/storage/*.ts"], /\.batch(<.*>)?\(/);

    expect(positional.filter((line) => !line.startsWith("src/storage/db.ts"))).toEqual([]);
  });

  it("names the columns of every insert", () => {
    const positional = linesOf(["src/storage/*.ts"], /\.select\(sql|insert into/);

    expect(positional.filter((line) => !line.startsWith("src/storage/db.ts"))).toEqual([]);
  });

  it("is awaited: a function that builds SQL ends in Statement or Statements", () => {
    const builders = linesOf(
      ["src/storage/*.ts"],
      /^export (const|function) (insert|update|delete|invalidate|clear|count|revoke|queue)\w*/,
    );

    expect(builders.filter((line) => !/(Statements?|Select)\b/.test(line))).toEqual([]);
  });
});

it("no code is typed as any", () => {
  expect(linesOf(["{src,scripts,bench,workers}/**/*.{ts,tsx}"], /(: |<|as )any\b(?! )/)).toEqual([]);
});

it("no comment is wider than 100 columns", () => {
  const code = "{src,drizzle,scripts,test,bench,examples,workers}/**/*.{ts,tsx,mjs}";
  const wide = linesOf([code], /^(?=\s*(\/\/|\/\*|\*)).{101}/);
  expect(wide.filter((line) => !line.startsWith("src/worker-env.d.ts:"))).toEqual([]);
});

it("no file is longer than 250 lines", () => {
  const long = [...files, ...globSync("{test,scripts,workers}/**/*.ts", { exclude: ["**/node_modules/**"] })].filter(
    (file) => !file.startsWith("src/locales/") && readFileSync(file, "utf8").split("\n").length > 251,
  );

  expect(long).toEqual([]);
});

describe("the migrations", () => {
  const migrations = globSync("migrations/*.sql");
  const sqlOf = (file: string) => readFileSync(file, "utf8");
  const parents = new Set(
    migrations.flatMap((file) => [...sqlOf(file).matchAll(/REFERENCES `(\w+)`/gi)].map((m) => m[1])),
  );

  // drizzle-kit rebuilds a table to change a column, and on D1 dropping the old one deletes the
  // rows that hang on it.
  it.each(migrations)("%s drops and rebuilds no table that others refer to", (file) => {
    const dropped = [...sqlOf(file).matchAll(/drop table `?(\w+)|create table `?__new_(\w+)/gi)];

    expect(dropped.map(([, name, rebuilt]) => name ?? rebuilt).filter((name) => parents.has(name))).toEqual([]);
  });

  // The endpoint that applies remote migrations splits them at every semicolon.
  it.each(migrations)("%s creates no trigger", (file) => {
    expect(sqlOf(file)).not.toMatch(/create trigger/i);
  });
});

it("the style sheet has the backgrounds that brand colors are checked against", () => {
  const css = readFileSync("src/pages/client/page.css", "utf8");
  const values = (name: string) => [...css.matchAll(new RegExp(`--${name}: (#\\w+)`, "g"))].map(([, color]) => color);

  expect([values("surface"), values("ground")]).toEqual([0, 1].map((n) => [BACKGROUNDS.light[n], BACKGROUNDS.dark[n]]));
});
