import { renameSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { removeClone } from "../../scripts/clone.ts";
import { clonePrepared } from "./prepared-clone.ts";

/** The folder of the database, which is not the default. */
export const STATE = "kept";
export const HERE = ["--persist-to", STATE];

/** Puts the tests of the file into a clone of their own, whose database is in `STATE`. */
export function allInOneClone(prepare?: () => void) {
  const home = process.cwd();
  let clone: string;
  beforeAll(() => {
    clone = clonePrepared();
    process.chdir(clone);
    renameSync(".wrangler/state", STATE);
    prepare?.();
  });
  afterAll(() => {
    process.chdir(home);
    removeClone(clone);
  });
}
