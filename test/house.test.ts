import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** The rooms that each room may look into. Its own is always open, and so are `result`, `errors` and `log`. */
const MAY_IMPORT: Record<string, string[]> = {
  index: ["app", "queue", "rpc", "schedule"],
  rpc: ["crypto", "deps", "failure", "features", "http", "schemas"],
  queue: ["deps", "features", "schemas", "senders", "storage"],
  app: ["failure", "features", "http", "pages", "site"],
  site: ["features", "http", "pages"],
  failure: ["storage"],
  schedule: ["deps", "features", "storage"],
  features: [
    "captcha",
    "config",
    "deps",
    "http",
    "locales",
    "messages",
    "one-time",
    "schemas",
    "senders",
    "storage",
    "crypto",
    "pages",
    "lockout",
  ],
  "one-time": ["deps", "locales", "messages", "schemas", "senders", "storage", "crypto", "lockout"],
  captcha: ["deps"],
  lockout: ["deps", "crypto", "schemas", "storage"],
  messages: ["deps", "locales", "schemas", "senders", "storage"],
  http: ["deps", "locales", "schemas", "crypto"],
  deps: ["config", "crypto", "locales", "passwords", "schemas", "senders", "storage"],
  passwords: ["config", "crypto"],
  config: ["crypto"],
  schemas: ["locales", "passwords", "storage"],
  locales: [],
  storage: ["drizzle"],
  crypto: [],
  senders: [],
  pages: ["crypto", "http", "locales", "schemas"],
  // What other code imports: it comes with nothing but these.
  sdk: ["crypto"],
};
const COMMON = ["result", "errors", "log", "contract"];

const files = globSync("src/**/*.{ts,tsx}").filter((file) => !file.endsWith(".d.ts"));

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

/** Every import of one file of the project by another. */
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export) (type )?[^;]*?from "([^"]+)";/gms)].map(
    ([, type, specifier = ""]) => ({
      file,
      target: specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier,
      typeOnly: type !== undefined,
    }),
  ),
);
const inner = imports.filter(({ target }) => /^(src|drizzle)\//.test(target));

const room = (file: string) => {
  const [top, next = ""] = file.split("/");
  return top === "src" ? next.replace(/\.tsx?$/, "") : (top ?? "");
};
const slice = (file: string) => /^src\/features\/([^/]+)\//.exec(file)?.[1];
const show = ({ file, target }: Import) => `${file} → ${target}`;

describe("the house", () => {
  it("is read whole", () => {
    expect(inner.length).toBeGreaterThan(50);
    expect(files.map(room).filter((name) => !(name in MAY_IMPORT || COMMON.includes(name)))).toEqual([]);
  });

  it("is looked down, never up", () => {
    const wrong = inner.filter(({ file, target }) => {
      const [from, to] = [room(file), room(target)];
      return from !== to && !COMMON.includes(to) && !MAY_IMPORT[from]?.includes(to);
    });

    expect(wrong.filter(({ file }) => !COMMON.includes(room(file))).map(show)).toEqual([]);
  });

  it("keeps features apart", () => {
    const wrong = inner.filter(({ file, target }) => slice(file) && slice(target) && slice(file) !== slice(target));

    expect(wrong.map(show)).toEqual([]);
  });

  it("keeps HTTP out of the acts", () => {
    const acts = inner.filter(({ file }) => slice(file) && !/\/(routes|openapi|([a-z]+-)?page)\.tsx?$/.test(file));

    expect(acts.filter(({ target }) => room(target) === "http").map(show)).toEqual([]);
    expect(
      imports
        .filter(({ file, target }) => /^hono/.test(target) && !/http\/|routes|page|app\.ts|site\.ts|sdk\//.test(file))
        .map(show),
    ).toEqual([]);
  });

  it("lets features look at the settings and the world as types alone", () => {
    const wrong = inner.filter(
      ({ file, target, typeOnly }) => slice(file) && ["deps", "config"].includes(room(target)) && !typeOnly,
    );

    expect(wrong.map(show)).toEqual([]);
  });

  it("lets storage alone speak to the database", () => {
    const wrong = imports.filter(({ file, target }) => /^drizzle/.test(target) && room(file) !== "storage");

    expect(wrong.map(show)).toEqual([]);
  });

  it("keeps the words of the API reference out of the bundle", () => {
    expect(inner.filter(({ target }) => target.endsWith("/openapi.ts")).map(show)).toEqual([]);
  });

  it("has no file past 250 lines", () => {
    // What is said in a language stands in one file.
    const code = files.filter((file) => !file.startsWith("src/locales/"));
    const long = [...code, ...globSync("{test,scripts}/**/*.ts")].filter(
      (file) => readFileSync(file, "utf8").split("\n").length > 251,
    );

    expect(long).toEqual([]);
  });
});

describe("the migrations", () => {
  // drizzle-kit rebuilds a table to change a column, and on D1 dropping the old one deletes the rows that hang on it.
  it.each(globSync("migrations/*.sql"))("%s drops and rebuilds no table", (file) => {
    expect(readFileSync(file, "utf8")).not.toMatch(/drop table|__new_/i);
  });
});
