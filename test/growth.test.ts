import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { NO_SESSION_LIMIT } from "./support/bindings.ts";
import { NO_COOLDOWN } from "./support/outbox.ts";
import { PASSWORD, WRONG_PASSWORD } from "./support/passwords.ts";
import { verifyAddresses } from "./support/rows.ts";
import { createWorldWithJane, dumpTables, stopClock, type TABLES, type Tables, type World } from "./support/world.ts";

/**
 * A flood of the cheapest requests that write, by strangers and by a signed-in user, and what
 * remains of it. `npm run flood` sends 20,000. Each request comes from another network and no
 * session is limited, so that only the bounds of the tables count.
 */
const { FLOOD_REQUESTS } = env as Env & { FLOOD_REQUESTS: string };
const REQUESTS = Number(FLOOD_REQUESTS);
/** As at 200 requests a second. */
const PAUSE_MILLISECONDS = 5;
const START = Date.UTC(2026, 0, 1);
const [MINUTE, DAY] = [60_000, 86_400_000];

interface Flood {
  world: World;
  token: string;
  /** The newest refresh token of the session that is refreshed. */
  refreshToken: string;
}

const from = (n: number) => ({ "cf-connecting-ip": `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` });
const post = ({ world }: Flood, n: number, path: string, body: object) =>
  world.post(path, body, { ...from(n), "user-agent": `${"x".repeat(2000)}${n}` });
const nobody = (n: number) => ({ identifier: `nobody-${n}@example.com` });
const jane = { identifier: "janedoe" };

/** The kinds of requests, which take turns. */
const KINDS: ((flood: Flood, n: number) => Promise<unknown>)[] = [
  ({ world, token }, n) =>
    world.call("PATCH", "/users/me", { token, headers: from(n), body: { username: `jane${n}`, password: PASSWORD } }),
  ({ world, token }, n) =>
    world.call("PATCH", "/users/me", { token, headers: from(n), body: { username: "janedoe", password: PASSWORD } }),
  (flood, n) => post(flood, n, "/auth/verify", { ...nobody(n), otp: "123456" }),
  (flood, n) => post(flood, n, "/auth/login", { ...nobody(n), password: WRONG_PASSWORD }),
  (flood, n) => post(flood, n, "/auth/verify-reset", { ...nobody(n), otp: "123456", new_password: PASSWORD }),
  (flood, n) => post(flood, n, "/auth/forgot-password", nobody(n)),
  (flood, n) => post(flood, n, "/auth/forgot-password", jane),
  (flood, n) => post(flood, n, "/auth/verify/resend", jane),
  (flood, n) => post(flood, n, "/auth/login", { ...jane, password: WRONG_PASSWORD }),
  (flood, n) => post(flood, n, "/auth/verify", { ...jane, otp: "123456" }),
  async (flood, n) => {
    const { json } = await post(flood, n, "/auth/refresh", { refresh_token: flood.refreshToken });
    flood.refreshToken = json.refresh_token ?? flood.refreshToken;
  },
  async (flood, n) => {
    const { json } = await post(flood, n, "/auth/login", { ...jane, password: PASSWORD });
    await post(flood, n, "/auth/logout", { refresh_token: json.refresh_token });
  },
];

/** Sends the requests, one of each kind at once, with the schedule and the queue at work. */
async function send(flood: Flood) {
  let minute = 0;
  for (let n = 0; n < REQUESTS; n += KINDS.length) {
    const now = START + n * PAUSE_MILLISECONDS;
    vi.setSystemTime(now);
    if (Math.floor((now - START) / MINUTE) > minute) {
      minute++;
      await flood.world.schedule();
    }
    // Failed guesses must not keep Jane out: her requests write more than refused ones.
    await env.DB.exec("delete from lockouts where length(subject) = 36");
    await Promise.all(KINDS.map((request, kind) => request(flood, n + kind)));
    await flood.world.flush();
  }
}

type Rows = Record<(typeof TABLES)[number], number>;

/** The rows of each table, and the bytes in all of them. */
function sizeOf(tables: Tables) {
  const rows = Object.fromEntries(Object.entries(tables).map(([name, { length }]) => [name, length])) as Rows;
  return { rows, bytes: JSON.stringify(Object.values(tables).map((all) => all.map(Object.values))).length };
}

let flood: Flood;

beforeAll(() => {
  expect(REQUESTS).toBeGreaterThan(0);
});

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  stopClock(START);
  const { world, login } = await createWorldWithJane({
    ...NO_COOLDOWN,
    ...NO_SESSION_LIMIT,
    REAUTHENTICATION_SECONDS: "86400",
  });
  await verifyAddresses();
  const { access_token, refresh_token } = await login();
  flood = { world, token: access_token, refreshToken: refresh_token };
});

/** The size after the schedule ran this number of milliseconds after the flood. */
async function sizeAfter(milliseconds: number) {
  vi.setSystemTime(START + REQUESTS * PAUSE_MILLISECONDS + milliseconds);
  await flood.world.schedule();
  return sizeOf(await dumpTables());
}

it("a flood of the cheapest requests leaves rows whose number does not depend on how many there were", {
  timeout: 60_000 + REQUESTS * 100,
}, async () => {
  await send(flood);

  const sizes = {
    "right after it": await sizeAfter(0),
    "after 20 minutes": await sizeAfter(20 * MINUTE),
    "after a day": await sizeAfter(DAY + 20 * MINUTE),
    "after eight days": await sizeAfter(8 * DAY),
    "after 91 days": await sizeAfter(91 * DAY),
  };

  // Shown for the long run only: the figures of SECURITY.md.
  if (REQUESTS > 10_000) console.info(`${REQUESTS} requests: ${JSON.stringify(sizes, null, 1)}`);
  const account = { users: 1, passwords: 1 };
  const none = {
    dead_messages: 0,
    denylist_outbox: 0,
    lockouts: 0,
    notices: 0,
    one_time_secrets: 0,
    passkeys: 0,
    recovery_codes: 0,
    spent_challenges: 0,
    factor_removals: 0,
    trusted_devices: 0,
    identities: 0,
    totps: 0,
    requested_messages: 0,
    pending_sign_ups: 0,
    oauth_clients: 0,
    oauth_grants: 0,
    oauth_codes: 0,
    oauth_device_codes: 0,
    api_keys: 0,
  };
  const { "right after it": first, "after 20 minutes": soon, "after a day": day } = sizes;
  // Wrong guesses: one row each, and one for each identifier, for a day, at most 200,000.
  expect(first.rows.lockouts).toBeLessThanOrEqual(REQUESTS * 0.75);
  expect(first.rows.audit_events).toBeLessThanOrEqual(6 * 50 + 10);
  expect(first.rows.requested_messages).toBeLessThanOrEqual(40);
  expect(first.rows.one_time_secrets).toBeLessThanOrEqual(40);
  expect(soon.rows).toMatchObject({ ...account, sessions: 1, denylist_outbox: 0, notices: 0, dead_messages: 0 });
  expect(day.rows).toMatchObject({ ...account, ...none, sessions: 1 });
  expect(day.bytes).toBeLessThan(250_000);
  expect(sizes["after eight days"].rows.audit_events).toBeLessThanOrEqual(3 * 50 + 10);
  expect(sizes["after 91 days"].rows).toEqual({ ...account, ...none, sessions: 0, audit_events: 0 });
});
