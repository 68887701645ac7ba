import { Hono } from "hono";
import { type CryptoKey, importJWK, type JWK, jwtVerify } from "jose";
import { requireAuth } from "../../src/sdk/index.ts";
import { createTestIssuer } from "../../src/sdk/testing.ts";

const ISSUER = "https://auth.test";

/** Runs in a request, because a Worker cannot generate keys during startup. */
async function prepare() {
  const issuer = await createTestIssuer({ issuer: ISSUER });
  const keys = await issuer.auth.keys();
  const key = (await importJWK((keys.ok ? keys.value.keys[0] : {}) as JWK)) as CryptoKey;
  const authorization = `Bearer ${await issuer.token()}`;

  const app = new Hono()
    .get("/bare", async (c) => {
      const token = c.req.header("authorization")?.slice("Bearer ".length) ?? "";
      const checks = { issuer: ISSUER, audience: ISSUER, algorithms: ["ES256"], typ: "at+jwt" };
      const { payload } = await jwtVerify(token, key, checks);
      return c.json({ sub: payload.sub });
    })
    .get("/guarded", requireAuth({ auth: issuer.auth, tier: "local" }), (c) => c.json({ sub: c.var.auth.sub }));
  return (path: string) => app.request(path, { headers: { authorization } });
}

let prepared: Awaited<ReturnType<typeof prepare>> | undefined;

/** Runs a number of requests in a row: `/bare?times=1000`. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    prepared ??= await prepare();
    const times = Number(searchParams.get("times"));
    for (let n = 0; n < times; n++) {
      const response = await prepared(pathname);
      if (response.status !== 200) return response;
    }
    return new Response(null, { status: 204 });
  },
};
