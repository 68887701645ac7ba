/** e. The size of the upload, and the CPU time of the startup. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../server.ts";
import { startup } from "../startup.ts";
import { median, round } from "../statistics.ts";
import { type Service, SUBJECTS } from "../subjects.ts";

const ROUNDS = 15;

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
      const { script, said } = bundle(subject, subject.main, own);
      return {
        subject,
        script,
        gzippedKibibytes: Number(/gzip: ([\d.]+) KiB/.exec(said)?.[1]),
        rounds: [] as number[],
      };
    });
    for (let n = 0; n < ROUNDS; n++) for (const one of deployed) one.rounds.push(await startup(one.script, folder));
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
