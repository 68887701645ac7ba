import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createWorld, ISSUER } from "../support/world.ts";

const { ECHO } = env as Env & { ECHO: Fetcher };
const createAdminWorld = () => createWorld({ ADMIN_WORKER: ECHO });

it.each(["/admin", "/admin/", "/admin/users?query=jane%40example.com", "/admin/api/v1/users"])(
  "%s is forwarded to the Worker for administration as it is",
  async (path) => {
    const headers = {
      "content-type": "application/octet-stream",
      "content-encoding": "gzip",
      origin: "https://app.test",
      cookie: "__Host-access_token=x",
      "gatehouse-end-user-ip": "not an address",
    };
    const body = "x".repeat(100_000);
    for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"]) {
      const hasBody = !/GET|OPTIONS/.test(method);
      const { text } = await createAdminWorld().send(path, { method, headers, ...(hasBody && { body }) });
      expect(JSON.parse(text)).toMatchObject({
        method,
        url: `${ISSUER}${path}`,
        headers,
        bytes: hasBody ? body.length : 0,
      });
    }
  },
);

it("an answer of the Worker for administration keeps its status, headers and cookies", async () => {
  const world = createAdminWorld();
  const { status, headers } = await world.get("/admin", { origin: "https://app.test" });
  expect(status).toBe(418);
  expect(headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(headers.get("cache-control")).toBe("private, no-store");
  expect(headers.get("content-security-policy")).toContain("img-src data:");
  expect(headers.get("access-control-allow-origin")).toBeNull();

  const moved = await world.send("/admin/there", { redirect: "manual" });
  expect([moved.status, moved.headers.get("location")]).toEqual([303, "/admin"]);
});

it.each(["/administrator", "/Admin", "/api/v1/admin", "/x/admin"])("%s is not forwarded", async (path) => {
  expect((await createAdminWorld().get(path)).status).toBe(404);
});

it("a request for another host is not forwarded", async () => {
  expect((await createAdminWorld().get("https://other.test/admin")).status).toBe(421);
});

it.each(["/admin", "/admin/users"])("without the Worker, %s does not exist", async (path) => {
  const { status, json } = await createWorld({ ADMIN_WORKER: undefined }).get(path);
  expect([status, json.code]).toEqual([404, "not_found"]);
});
