import { afterEach, beforeEach } from "vitest";
import { deploy } from "../../scripts/deploy.ts";
import { createProject, type Project } from "./cloudflare-account.ts";

/** The project of the current test. */
export let project: Project;

/** Gives each test of the file a project and an account at Cloudflare. */
export function eachInItsProject() {
  beforeEach(() => {
    project = createProject();
  });
  afterEach(() => project.close());
}

/** Gives the test another new project. */
export function renewProject() {
  project.close();
  project = createProject();
}

export const run = (...args: string[]) => deploy(args, project.host);

const BY_READING =
  /^(--version|whoami|queues info|d1 list|kv namespace list|secret list|d1 migrations list|deploy --dry-run)/;
/** The commands that change something. */
export const changes = () => project.commands().filter((line) => !BY_READING.test(line));

export const deployments = () => project.account().workers["gatehouse-production"]?.deployments ?? [];
