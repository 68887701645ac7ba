import type { Latency } from "./measures/geography.ts";
import { OPERATIONS } from "./subjects.ts";

const COLOURS: Record<string, string> = {
  floor: "#a8a29e",
  Gatehouse: "#1d4ed8",
  "better-auth, our hash": "#ea580c",
  "better-auth, tuned, our hash": "#fdba74",
  OpenAuth: "#16a34a",
};
const BAR = 12;
const GAP = 14;
const LEFT = 80;
const WIDTH = 640;
const TOP = 48;

/** Draws the latency of each operation at one distance as an SVG, with a bar per subject. */
export function chart(latencies: Latency[], distance: { d1: number; kv: number }): string {
  const rows = latencies.filter(
    ({ d1, kv, subject }) => d1 === distance.d1 && kv === distance.kv && subject in COLOURS,
  );
  const most = Math.max(...rows.map(({ milliseconds }) => milliseconds));
  let y = TOP;
  const bars = OPERATIONS.flatMap((operation) => {
    const own = rows.filter((row) => row.operation === operation);
    if (own.length === 0) return [];
    const title = `<text x="${LEFT - 8}" y="${y + (own.length * BAR) / 2 + 4}" text-anchor="end">${operation}</text>`;
    const drawn = own.map(({ subject, milliseconds }) => {
      const width = Math.max(1, (milliseconds / most) * (WIDTH - LEFT - 60));
      const bar = `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${COLOURS[subject]}"/>`;
      const label = `<text x="${(LEFT + width + 4).toFixed(1)}" y="${y + BAR - 3}" class="small">${milliseconds}</text>`;
      y += BAR;
      return bar + label;
    });
    y += GAP;
    return [title, ...drawn];
  });
  let x = LEFT;
  const legend = Object.entries(COLOURS).map(([subject, colour]) => {
    const entry = `<rect x="${x}" y="26" width="10" height="10" fill="${colour}"/><text x="${x + 14}" y="35" class="small">${subject}</text>`;
    x += 28 + subject.length * 5.6;
    return entry;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>Milliseconds until an operation is answered when D1 is ${distance.d1} ms away and KV ${distance.kv} ms</title>
<style>text{font:13px system-ui,sans-serif;fill:#1c1917}.small{font-size:11px}@media(prefers-color-scheme:dark){text{fill:#f5f5f4}}</style>
<text x="${LEFT}" y="16">Milliseconds until the answer, D1 ${distance.d1} ms and KV ${distance.kv} ms away</text>
${[...legend, ...bars].join("\n")}
</svg>
`;
}
