import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { call as rpc } from "../support/rpc.ts";
import { COMMON, ways } from "../support/ways-to-set-a-password.ts";
import { createWorld, dumpRows } from "../support/world.ts";

type Read = (init?: RequestInit) => Promise<Response>;

const LIST = "/pages/common-passwords.txt";
const readable: Read = () => env.ASSETS.fetch(`https://assets${LIST}`) as unknown as Promise<Response>;

/** The files of `public`, whose list of common passwords is read by `read`. Counts these reads. */
function createAssets(read: Read) {
  const assets = {
    reads: 0,
    read,
    fetch: (url: string, init?: RequestInit) => {
      if (new URL(url).pathname !== LIST) return env.ASSETS.fetch(url);
      assets.reads++;
      return assets.read(init);
    },
  };
  return { assets, ASSETS: assets as unknown as Fetcher };
}

const UNREADABLE: [string, Read][] = [
  ["cannot be fetched", () => Promise.reject(new Error(`canary ${FRESH_PASSWORD}`))],
  ["is missing", async () => new Response("canary", { status: 404 })],
  ["is empty", async () => new Response("")],
];

const JOHN = { email: "john@example.com", password: PASSWORD };

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
});

it.each(UNREADABLE)("a list of common passwords that %s accepts others, but no date or identifier", async (_, read) => {
  const { assets, ASSETS } = createAssets(read);
  const { world, set } = await ways({ ASSETS });
  const before = await dumpRows();

  for (const act of Object.values(set)) expect(await act("31121999")).toEqual([422, COMMON]);
  expect(await set.change("jane.doe@example.com")).toMatchObject([422, [{ code: "identifier_as_password" }]]);
  expect(await dumpRows()).toEqual(before);
  expect((await set.change(FRESH_PASSWORD))[0]).toBe(200);

  // The first read was for the registration of Jane.
  expect(assets.reads).toBe(3);
  expect(logged.map((line) => JSON.parse(line).event)).toEqual(Array(3).fill("common_passwords_not_loaded"));
  expect(logged.join()).not.toMatch(new RegExp(`canary|jane|31121999|${FRESH_PASSWORD}`, "i"));

  assets.read = readable;
  expect((await world.post("/auth/register", { ...JOHN, password: "iloveyou" })).json.errors).toEqual(COMMON);
});

it("a list of common passwords that does not answer delays a new password by a second", async () => {
  const hangs: Read = (init) =>
    new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
  const { ASSETS } = createAssets(hangs);

  expect((await createWorld({ ASSETS }).post("/auth/register", JOHN)).status).toBe(201);
});

it.each(UNREADABLE)(
  "FAIL_CLOSED=breaches refuses new passwords while the list %s, and keeps codes",
  async (_, read) => {
    const { assets, ASSETS } = createAssets(read);
    const { setIn } = await ways();
    const closed = createWorld({ ASSETS, FAIL_CLOSED: "breaches" });
    const set = setIn(closed);
    const before = await dumpRows();

    for (const act of Object.values(set)) expect(await act(FRESH_PASSWORD)).toEqual([503, "check_unavailable"]);
    expect(await rpc(closed, "register", JOHN)).toMatchObject({ ok: false, code: "check_unavailable" });
    expect([await dumpRows(), closed.sent, assets.reads]).toEqual([before, [], 5]);

    assets.read = readable;
    expect((await set.code(FRESH_PASSWORD))[0]).toBe(204);
  },
);

it("the list of common passwords is read once, by the first new password, without other calls", async () => {
  const { assets, ASSETS } = createAssets(readable);
  const world = createWorld({ ASSETS });
  await world.post("/auth/login", { identifier: "janedoe", password: PASSWORD });
  expect(assets.reads).toBe(0);

  const register = () => world.post("/auth/register", JOHN);
  expect(await world.cost(register)).toEqual({ d1: 1, kv: 0, queue: 1 });
  assets.read = UNREADABLE[0]![1];
  expect((await world.post("/auth/register", { ...JOHN, password: "iloveyou" })).json.errors).toEqual(COMMON);
  expect(await rpc(world, "register", { ...JOHN, password: "Iloveyou" })).toMatchObject({ errors: COMMON });

  expect(assets.reads).toBe(1);
});
