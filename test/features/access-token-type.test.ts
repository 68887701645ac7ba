import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { expect, it } from "vitest";
import type { AuthService } from "../../src/contract/auth-service.ts";
import { bearing, guarded } from "../support/guarded-worker.ts";
import { call } from "../support/rpc.ts";
import { connect } from "../support/sdk-network.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, type World } from "../support/world.ts";

const TYPES = ["at+jwt", "JWT"] as const;

const bindingTo = (world: World) =>
  ({
    keys: () => call(world, "keys"),
    verify: (token, options) => call(world, "verify", token, options),
  }) satisfies Pick<AuthService, "keys" | "verify">;

/** The verifiers of a service that accept a token. */
async function accepting(world: World, typ: (typeof TYPES)[number], token: string, refreshToken: string) {
  const auth = bindingTo(world);
  const visitor = createVisitor(world);
  visitor.cookies.set("__Host-access_token", token).set("__Host-refresh_token", refreshToken);
  const answers = {
    api: (await world.me(token)).status === 200,
    binding: (await call(world, "verify", token)).ok,
    page: (await visitor.get("/account")).status === 200,
    local: (await guarded({ auth, tier: "local" })(bearing(token))).status === 200,
    bound: (await guarded({ auth })(bearing(token))).status === 200,
    remote: (await guarded({ issuer: "https://auth.test", typ })(bearing(token))).status === 200,
  };
  return Object.entries(answers).flatMap(([name, isAccepted]) => (isAccepted ? [name] : []));
}
const ALL = ["api", "binding", "page", "local", "bound", "remote"];

it.each(TYPES)("ACCESS_TOKEN_TYPE=%s is the type of tokens, and every verifier accepts no other one", async (typ) => {
  const { world, login } = await createWorldWithJane({ ACCESS_TOKEN_TYPE: typ });
  const { access_token, refresh_token, device_token } = await login();
  const other = createWorld({ ACCESS_TOKEN_TYPE: TYPES.find((type) => type !== typ)! });
  const foreign = (await other.refresh(refresh_token)).json.access_token;
  connect(world);

  expect(decodeProtectedHeader(access_token).typ).toBe(typ);
  expect(await accepting(world, typ, access_token, refresh_token)).toEqual(ALL);
  for (const token of [foreign, refresh_token, device_token])
    expect(await accepting(world, typ, token, refresh_token)).toEqual([]);
});

it("a binding to an older service, which does not report the type, expects at+jwt", async () => {
  const { world, login } = await createWorldWithJane();
  const { access_token, refresh_token } = await login();
  const other = (await createWorld({ ACCESS_TOKEN_TYPE: "JWT" }).refresh(refresh_token)).json.access_token;
  const keys = async () => {
    const { typ, ...value } = (await call(world, "keys")).value;
    return { ok: true, value };
  };
  const get = guarded({ auth: { ...bindingTo(world), keys }, tier: "local" } as Parameters<typeof guarded>[0]);

  expect([(await get(bearing(access_token))).status, (await get(bearing(other))).status]).toEqual([200, 401]);
});

it("a token is accepted by a verifier whose clock is 30 seconds behind", async () => {
  const { world, login } = await createWorldWithJane();
  const keys = createLocalJWKSet((await world.get("/.well-known/jwks.json")).json);
  const { access_token, expires_in } = await login();
  const { exp, iat, auth_time } = decodeJwt<{ auth_time: number }>(access_token);
  const now = Math.floor(Date.now() / 1000);

  // With `maxTokenAge`, jose checks that `iat` is not in the future.
  const behind = { maxTokenAge: 3600, currentDate: new Date(Date.now() - 30_000) };
  await expect(jwtVerify(access_token, keys, behind)).resolves.toBeTruthy();
  expect(iat).toBeLessThanOrEqual(now - 30);
  // Neither the lifetime nor the time of authentication is moved.
  expect(expires_in).toBe(900);
  expect(exp! - now).toBeGreaterThan(895);
  expect(now - auth_time).toBeLessThan(5);
});
