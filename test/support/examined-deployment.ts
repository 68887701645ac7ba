import { afterAll, afterEach, beforeAll } from "vitest";
import { deploy } from "../../scripts/deploy.ts";
import type { Finding } from "../../scripts/doctor/report.ts";
import { doctor } from "../../scripts/doctor.ts";
import { createProject, type Project } from "./cloudflare-account.ts";

const FIRST = ["--env", "production", "--domain", "auth.example.com", "--mail-from", "auth@example.com"];

/** The project of the deployment. */
export let project: Project;

/** Gives the tests of the file the environment `production`, which was just deployed. */
export function deployFirst() {
  const home = process.cwd();
  beforeAll(async () => {
    project = createProject();
    await deploy(FIRST, project.host);
    process.chdir(project.folder);
  }, 120_000);
  afterEach(() => {
    process.exitCode = 0;
  });
  afterAll(() => {
    process.chdir(home);
    project.close();
  });
}

/** Runs `npm run doctor` on it. */
export const examine = async (): Promise<Finding[]> => JSON.parse(await doctor(["--env", "production", "--json"]));

/** What is not in order. */
export const bad = (findings: Finding[]): string[] =>
  findings.filter(({ level }) => level !== "ok").map(({ check, level, message }) => `${level} ${check}: ${message}`);
