import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { COUNTRIES } from "../../src/config/countries.ts";
import { NEW_PHONE } from "../../src/http/examples.ts";
import { NO_COOLDOWN, outbox } from "../support/outbox.ts";
import { administer, call as rpc } from "../support/rpc.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows, PASSWORD } from "../support/world.ts";

type Read = (init?: RequestInit) => Promise<Response>;

const FILE = "/numbering-plans.json";
const readable: Read = () => env.ASSETS.fetch(`https://assets${FILE}`) as unknown as Promise<Response>;
const down: Read = () => Promise.reject(new Error("canary"));
const hangs: Read = (init) =>
  new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));

const BROKEN: [string, Read][] = [
  ["cannot be fetched", down],
  ["is missing", async () => new Response("canary", { status: 404 })],
  ["is empty", async () => new Response("")],
  ["is cut off", async () => new Response('{"version":4,"canary')],
  ["does not answer", hangs],
];

/** The files of `public`, whose numbering plans are read by `read`. Counts these reads. */
function createAssets(read: Read) {
  const assets = {
    reads: 0,
    read,
    fetch: (url: string, init?: RequestInit) => {
      if (new URL(url).pathname !== FILE) return env.ASSETS.fetch(url);
      assets.reads++;
      return assets.read(init);
    },
  };
  return { assets, ASSETS: assets as unknown as Fetcher };
}

const UNAVAILABLE = [503, "storage_unavailable", "5"];

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
});

it.each(BROKEN)(
  "numbering plans whose file %s make requests with a phone number fail, and no others",
  async (_, read) => {
    const { login, jane } = await createWorldWithJane();
    const token = (await login()).access_token;
    const { assets, ASSETS } = createAssets(read);
    const world = createWorld({ ...NO_COOLDOWN, ASSETS });
    const before = await dumpRows();

    const phone = { identifier: jane.phone };
    const refused = [
      ["POST", "/auth/register", { phone: NEW_PHONE, password: PASSWORD }],
      ["POST", "/auth/login", { ...phone, password: PASSWORD }],
      ["POST", "/auth/request-reset", phone],
      ["POST", "/users/me/phone", { phone: NEW_PHONE }],
    ] as const;
    const told = refused.map(async ([method, path, body]) => {
      const { status, json, headers } = await world.call(method, path, { token, body });
      return [status, json.code, headers.get("retry-after")];
    });
    const calls = [
      rpc(world, "login", { ...phone, password: PASSWORD }),
      administer(world, "updateUser", jane.id, { phone: NEW_PHONE }),
    ];
    expect(await Promise.all(told)).toEqual(refused.map(() => UNAVAILABLE));
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(Array(2).fill("storage_unavailable"));
    expect([await dumpRows(), world.sent]).toEqual([before, []]);
    const reads = assets.reads;
    expect(reads).toBeGreaterThan(0);

    expect((await world.post("/auth/login", { identifier: jane.email, password: PASSWORD })).status).toBe(200);
    expect((await world.post("/auth/register", { email: "john@example.com", password: PASSWORD })).status).toBe(201);
    expect((await world.post("/auth/forgot-password", { identifier: "janedoe" })).status).toBe(202);
    expect((await world.me(token)).json.phone).toBe(jane.phone);
    await world.flush();
    expect((await outbox.all()).map(({ to }) => to).sort()).toEqual([jane.email, "john@example.com"]);
    expect(assets.reads).toBe(reads);
    expect(logged.join()).not.toMatch(/canary|\+1202/);

    assets.read = readable;
    expect((await world.post("/auth/login", { ...phone, password: PASSWORD })).status).toBe(200);
  },
);

it("a message to a phone is sent later if the numbering plans cannot be read", async () => {
  const { world: ready, jane } = await createWorldWithJane(NO_COOLDOWN);
  await ready.post("/auth/request-reset", { identifier: jane.phone });
  const { assets, ASSETS } = createAssets(down);
  const world = createWorld({ ...NO_COOLDOWN, ASSETS });

  expect(await world.deliver(ready.sent)).toMatchObject({ acked: [], retried: [5] });
  expect(await outbox.all()).toEqual([]);
  assets.read = readable;
  expect(await world.deliver(ready.sent, { attempts: 2 })).toMatchObject({ acked: ["message-0"], retried: [] });
  expect((await outbox.only()).to).toBe(jane.phone);
});

it("the account page shows a number without groups if the numbering plans cannot be read", async () => {
  const { jane } = await createWorldWithJane();
  const { assets, ASSETS } = createAssets(down);
  const visitor = createVisitor(createWorld({ ASSETS }));
  await visitor.signIn();

  expect((await visitor.get("/account")).text).toContain(jane.phone);
  const form = await visitor.get("/account/phone");
  expect([form.status, form.text.includes("Without a country code")]).toEqual([200, false]);
  assets.read = readable;
  expect((await visitor.get("/account")).text).toContain("+1 202 555 0123");
});

it("the numbering plans are read once, by the first phone number", async () => {
  const { assets, ASSETS } = createAssets(readable);
  const world = createWorld({ ASSETS });
  const login = (identifier: string) => world.post("/auth/login", { identifier, password: PASSWORD });
  await login("janedoe");
  await login("jane.doe@example.com");
  expect(assets.reads).toBe(0);

  for (let n = 0; n < 3; n++) expect((await login(NEW_PHONE)).status).toBe(401);
  expect(assets.reads).toBe(1);
});

it("first requests with a phone number at once all get their answer", async () => {
  const world = createWorld({ ASSETS: createAssets(readable).ASSETS });
  const numbers = Array.from({ length: 10 }, (_, n) => `+1202555010${n}`);
  const logins = numbers.map((identifier) => rpc(world, "login", { identifier, password: PASSWORD }));

  expect((await Promise.all(logins)).map(({ code }) => code)).toEqual(numbers.map(() => "invalid_credentials"));
});

it("the file of the numbering plans is not served", async () => {
  expect((await createWorld().get(FILE)).status).toBe(404);
});

it("the settings know the countries of the numbering plans", async () => {
  const { countries } = (await (await readable()).json()) as { countries: object };

  expect(COUNTRIES).toEqual(Object.keys(countries));
  expect(COUNTRIES.length).toBeGreaterThan(200);
});
