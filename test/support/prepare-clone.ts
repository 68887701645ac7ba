import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { freePort, type LocalServer, makeClone, removeClone } from "../../scripts/clone.ts";
import { DEV_VARS, migrate, writeDevVars } from "../../scripts/dev.ts";
import { copyOf, servePrepared } from "./prepared-clone.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A clone that is built, configured and migrated. Tests copy it. */
    preparedClone: string;
    /** Where test/support/shared-service.ts asks for the shared service. */
    sharedService: string;
  }
}

/** Prepares a clone for all test files, and a service for those that need no own settings. */
export default async function prepare({ provide }: TestProject) {
  const clone = makeClone();
  execFileSync("npm", ["run", "--silent", "build"], { cwd: clone });
  writeDevVars(clone);
  useFastHashes(clone);
  await migrate({ config: join(clone, "wrangler.toml"), persistTo: join(clone, ".wrangler/state") });
  provide("preparedClone", clone);

  const shared = createSharedService(clone);
  provide("sharedService", await shared.open());
  return async () => {
    await shared.close();
    removeClone(clone);
  };
}

/** Most tests are not about hashes. test/scripts/start.test.ts has the default. */
function useFastHashes(clone: string) {
  const file = join(clone, DEV_VARS);
  writeFileSync(file, readFileSync(file, "utf8").replace('SCRYPT_ENGINE="noble"', 'SCRYPT_ENGINE="node"'));
}

/** A service in a copy of the clone, which starts when the first test asks where it is. */
function createSharedService(prepared: string) {
  let started: Promise<{ clone: string; server: LocalServer }> | undefined;
  const start = async () => {
    const clone = copyOf(prepared);
    const server = await servePrepared(clone, await freePort(), "--var", "OTP_RESEND_COOLDOWN_SECONDS:0");
    return { clone, server };
  };
  const door = createServer((_, answer) => {
    started ??= start();
    started.then(
      ({ clone, server: { address } }) => answer.end(JSON.stringify({ clone, address })),
      (error) => answer.writeHead(500).end(String(error)),
    );
  });
  return {
    async open() {
      await new Promise<void>((listening) => door.listen(0, "localhost", listening));
      return `http://localhost:${(door.address() as AddressInfo).port}`;
    },
    async close() {
      door.close();
      const running = await started?.catch(() => undefined);
      await running?.server.stop();
      if (running) removeClone(running.clone);
    },
  };
}
