/** e. The size of the upload, and the CPU time of the startup. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundle } from "../server.ts";
import { median, round } from "../statistics.ts";
import { type Service, SUBJECTS } from "../subjects.ts";

const ROUNDS = 7;
const WRANGLER = resolve("node_modules/.bin/wrangler");

export interface Size {
  subject: string;
  gzippedKibibytes: number;
  startupMilliseconds: number;
  rounds: number[];
}

export const size = () => sizesOf(SUBJECTS);

export async function sizesOf(services: Service[]): Promise<Size[]> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
  try {
    const deployed = services.map((subject, n) => {
      const own = join(folder, `${n}`);
      mkdirSync(own);
      const { config, said } = bundle(subject, subject.main, own);
      return {
        subject,
        config,
        gzippedKibibytes: Number(/gzip: ([\d.]+) KiB/.exec(said)?.[1]),
        rounds: [] as number[],
      };
    });
    for (let n = 0; n < ROUNDS; n++)
      for (const one of deployed) one.rounds.push(startup(one.config, join(folder, "profile")));
    return deployed.map(({ subject, gzippedKibibytes, rounds }) => ({
      subject: subject.name,
      gzippedKibibytes: round(gzippedKibibytes),
      startupMilliseconds: round(median(rounds)),
      rounds: rounds.map((value) => round(value)),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the milliseconds of the startup profile that are not idle. */
function startup(config: string, file: string): number {
  const args = ["check", "startup", "--config", config, `--args=--minify --config ${config}`, "--outfile", file];
  execFileSync(WRANGLER, args, { stdio: "ignore" });
  const profile = JSON.parse(readFileSync(file, "utf8")) as {
    nodes: { id: number; callFrame: { functionName: string } }[];
    samples: number[];
    timeDeltas: number[];
  };
  const idle = new Set(
    profile.nodes
      .filter(({ callFrame }) => ["(idle)", "(program)"].includes(callFrame.functionName))
      .map(({ id }) => id),
  );
  const microseconds = profile.samples.map((id, n) => (idle.has(id) ? 0 : (profile.timeDeltas[n] ?? 0)));
  return microseconds.reduce((sum, value) => sum + value, 0) / 1000;
}
