import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { admin } from "../../scripts/admin.ts";
import { bindingTo, withBoundAdminService } from "../../scripts/admin-service.ts";
import { freePort, type LocalServer, makeClone, removeClone, serveClone } from "../../scripts/clone.ts";
import { findAccount } from "../../scripts/find-account.ts";
import { post } from "../support/clone-server.ts";

const SLOW = { timeout: 240_000 };
const home = process.cwd();
const { WRANGLER_REGISTRY_PATH } = process.env;
let clone: string;
let server: LocalServer;

beforeAll(async () => {
  clone = makeClone();
  server = await serveClone(clone, await freePort());
  process.chdir(clone);
  // That of the service.
  process.env["WRANGLER_REGISTRY_PATH"] = join(clone, ".registry");
});
afterAll(async () => {
  process.chdir(home);
  if (WRANGLER_REGISTRY_PATH === undefined) delete process.env["WRANGLER_REGISTRY_PATH"];
  else process.env["WRANGLER_REGISTRY_PATH"] = WRANGLER_REGISTRY_PATH;
  await server?.stop();
  removeClone(clone);
});

it("acts beside npm start, whose outbox gets the mail", SLOW, async () => {
  const { address } = server;
  const account = { email: "jane@example.com", password: "correct-horse-7" };
  await post(`${address}/auth/register`, account);

  await admin(["grant", account.email, "admin", "--yes"]);
  await admin(["reset", account.email]);

  const outbox = async () => (await fetch(`${address}/dev/outbox`)).text();
  await expect.poll(outbox, { timeout: 10_000 }).toMatch(/reset-password\?token=[\w-]{43}/);
  const { access_token } = (await (await post(`${address}/auth/login`, account)).json()) as { access_token: string };
  const me = await fetch(`${address}/users/me`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(await me.json()).toMatchObject({ roles: ["admin"] });
});

it("acts over a service binding that names the caller, as it does for a deployment", SLOW, async () => {
  const worker = { name: "gatehouse", compatibility_date: "2026-11-02" };
  const events = await withBoundAdminService(bindingTo(worker, { remote: false }), async (service) => {
    const created = await service.createUser({ email: "bound@example.com", roles: ["admin"] });
    expect(created).toMatchObject({ ok: true, value: { roles: ["admin"] } });
    const { id } = await findAccount(service, "bound@example.com");
    expect(await service.setRoles("x", [])).toMatchObject({ ok: false, code: "not_found" });
    expect(await service.disableUser(id)).toEqual({ ok: true, value: undefined });
    const listed = await service.listEvents({ id });
    return listed.ok ? listed.value.events.map(({ type, caller }) => [type, caller]) : [];
  });
  expect(events).toEqual([
    ["account_disabled", "command line"],
    ["registered", "command line"],
  ]);
});

it("binds the deployed Worker of an environment, under a name that has no secrets", () => {
  const worker = {
    name: "gatehouse-production",
    account_id: "0123456789abcdef",
    compliance_region: "public",
    compatibility_date: "2026-11-02",
    vars: { ISSUER: "https://auth.example.com" },
  };
  expect(bindingTo(worker, { remote: true })).toEqual({
    name: "gatehouse-production-command-line",
    compatibility_date: "2026-11-02",
    account_id: "0123456789abcdef",
    compliance_region: "public",
    services: [
      {
        binding: "ADMIN",
        service: "gatehouse-production",
        entrypoint: "AdminService",
        props: { caller: "command line" },
        remote: true,
      },
    ],
  });
});
