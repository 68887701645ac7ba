/** The tables of the measure `oauth`. In each comparison, the better value is bold. */
import { FAR } from "./measures/geography.ts";
import type { OAuthCost } from "./measures/oauth.ts";
import type { Size } from "./measures/size.ts";
import { OAUTH_OPERATIONS, OAUTH_SUBJECTS } from "./oauth-subjects.ts";
import { find, readResults } from "./results.ts";
import { type Cell, table } from "./table.ts";

type Better = (...values: number[]) => number;

const names = OAUTH_SUBJECTS.map(({ name }) => name);

export function operationsTable(): string {
  const rows = readResults<OAuthCost>("oauth");
  const lines = OAUTH_OPERATIONS.flatMap((operation) => {
    const own = names.map((subject) => find(rows, { subject, operation }));
    const column = (better: Better, key: "farMilliseconds" | "at1" | "at8" | "at32") =>
      compare(
        better,
        own.map((row) => row?.[key]),
      );
    const columns = [
      column(Math.min, "farMilliseconds"),
      ...(["at1", "at8", "at32"] as const).map((key) => column(Math.max, key)),
    ];
    return own.flatMap((row, n) =>
      row ? [[operation, row.subject, tripsOf(row), ...columns.map((cells) => cells[n] ?? "")]] : [],
    );
  });
  const far = `ms, D1 ${FAR.d1} and KV ${FAR.kv} ms away`;
  return table(["", "", "D1 + KV", far, "a second, 1 at once", "8 at once", "32 at once"], lines);
}

export function oauthSizesTable(): string {
  const rows = readResults<Partial<Size>>("oauth").filter((row) => row.gzippedKibibytes !== undefined);
  const line = (what: string, key: "gzippedKibibytes" | "startupMilliseconds") => [
    what,
    ...compare(
      Math.min,
      names.map((subject) => find(rows, { subject })?.[key]),
    ),
  ];
  return table(
    ["", ...names],
    [line("bundle, gzipped, KiB", "gzippedKibibytes"), line("start-up, ms of CPU", "startupMilliseconds")],
  );
}

const tripsOf = ({ d1, kv }: OAuthCost) => `${d1} + ${kv}`;

/** Marks the better one of several values. A single one is not compared. */
function compare(better: Better, values: (number | undefined)[]): Cell[] {
  const known = values.filter((value) => value !== undefined);
  const best = known.length > 1 && new Set(known).size > 1 ? better(...known) : undefined;
  return values.map((value) => (value === undefined ? "–" : value === best ? `**${value}**` : value));
}
