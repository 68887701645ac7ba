export type Cell = string | number;

/** Formats a Markdown table as the formatter does. */
export function table(header: Cell[], lines: Cell[][]): string {
  const widths = header.map((_, n) => Math.max(3, ...[header, ...lines].map((line) => `${line[n]}`.length)));
  const write = (cells: Cell[]) => `| ${cells.map((cell, n) => `${cell}`.padEnd(widths[n] ?? 0)).join(" | ")} |`;
  return [write(header), write(widths.map((width) => "-".repeat(width))), ...lines.map(write)].join("\n");
}
