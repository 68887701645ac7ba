import { env } from "cloudflare:workers";
import nodeCrypto from "node:crypto";
import { dictionary } from "@zxcvbn-ts/language-common";
import { describe, expect, it, vi } from "vitest";
import { isCommon } from "../../src/passwords/common.ts";
import { received, script } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { COMMON, ways } from "../support/ways-to-set-a-password.ts";
import { createWorldWithJane, dumpRows } from "../support/world.ts";

const { PROVIDER } = env as Env & { PROVIDER: string };

const OWN = [
  {
    path: expect.stringContaining("password"),
    code: "identifier_as_password",
    message: "Must not be an address or a name of the account or of this service.",
  },
];
const BREACHED = [
  {
    path: expect.stringContaining("password"),
    code: "breached_password",
    message: "Must not be known from a data breach.",
  },
];

describe("a common password", () => {
  const commonIn = async (passwords: string[]) => {
    const found = await Promise.all(passwords.map((password) => isCommon(password, env.ASSETS)));
    return passwords.filter((_, n) => found[n] === true);
  };

  it("is one of the three thousand most common long enough ones, in any case, or a date", async () => {
    const ranked = (dictionary["passwords-common"] as string[]).filter((password) => password.length >= 8);
    expect(ranked.length).toBeGreaterThan(3000);

    const top = ranked.slice(0, 3000);
    expect(await commonIn(top)).toEqual(top);
    const refused = ["PASSWORD", "PassWord", "TrustNo1", "31121999", "12311999", "19991231", "01012051"];
    expect(await commonIn(refused)).toEqual(refused);
    const accepted = ["", " ", PASSWORD, "13131999", "31121999a", "password ", "correct horse battery staple"];
    expect(await commonIn(accepted)).toEqual([]);
  });

  it("is refused wherever a password is set, and changes nothing", async () => {
    const { world, set, byPage } = await ways();
    const before = await dumpRows();
    const scrypt = vi.spyOn(nodeCrypto, "scryptSync");
    const { d1 } = world.counts;

    for (const act of Object.values(set)) expect(await act("Iloveyou")).toEqual([422, COMMON]);
    const page = await byPage("iloveyou");

    expect([page.status, page.text.includes("This password is too common")]).toEqual([422, true]);
    // The queries find whose password a session or a link changes.
    expect([await dumpRows(), world.counts.d1 - d1, scrypt.mock.calls.length]).toEqual([before, 3, 0]);
    for (const act of Object.values(set)) expect([200, 201, 204, 400, 401]).toContain((await act(PASSWORD))[0]);
  });
});

describe("a password that is an identifier of its account", () => {
  it.each([
    "john.doe@example.com",
    "JOHN.DOE@example.com",
    "John.Doe",
    "+12025550188",
    "12025550188",
    "(202) 555-0188",
    "00 1 202.555.0188",
    "JohnDoe8",
  ])("is refused at registration: %s", async (password) => {
    const { set } = await ways();

    expect(await set.register(password)).toEqual([422, OWN]);
  });

  it.each(["jane.doe@example.com", "Jane.Doe", "+12025550123", "12025550123", "auth.test"])(
    "is refused at change and reset, as is the service's host: %s",
    async (password) => {
      const { set, byPage } = await ways({ ISSUER: "https://auth.test" });
      await env.DB.exec("update users set username = 'AnotherName'");

      for (const act of [set.change, set.link]) {
        expect([password, await act(password.toUpperCase())]).toEqual([password, [422, OWN]]);
      }
      expect((await byPage(password)).status).toBe(422);
      expect(await set.change("anothername")).toEqual([422, OWN]);
      expect(await set.link("AnotherName")).toEqual([422, OWN]);
      expect((await set.link(FRESH_PASSWORD))[0]).toBe(204);
    },
  );

  it("is refused in both spellings of an international domain", async () => {
    const { world } = await createWorldWithJane();

    for (const password of ["jörg1@bücher.example", "Joerg@Bücher.example", "joerg@xn--bcher-kva.example"]) {
      const { status } = await world.post("/auth/register", { email: "joerg@bücher.example", password });
      expect([password, status]).toEqual([password, password.startsWith("jörg1") ? 201 : 422]);
    }
  });

  it.each(["--------------", "correct 5550188", "((550188"])(
    "may end like the phone number, or consist of punctuation: %s",
    async (password) => {
      const { set } = await ways();

      expect((await set.register(password))[0]).toBe(201);
    },
  );

  it("is refused at reset by code, and the code stays valid", async () => {
    const { set } = await ways();

    for (const password of ["jane.doe@example.com", "+12025550123"]) {
      expect(await set.code(password)).toEqual([422, OWN]);
    }
    expect((await set.code(FRESH_PASSWORD))[0]).toBe(204);
  });
});

describe("a breached password", () => {
  const HIBP = { HIBP: "on", HIBP_BASE_URL: PROVIDER };
  const breached = FRESH_PASSWORD;
  const digest = nodeCrypto.createHash("sha1").update(breached).digest("hex").toUpperCase();
  const range = (line: string) => ({ status: 200, body: `${"0".repeat(35)}:3\r\n${line}\r\n${"F".repeat(35)}:7` });
  const hit = range(`${digest.slice(5)}:12`);

  it("is refused wherever a password is set, before a code is compared", async () => {
    const { world, set } = await ways(HIBP);
    const before = await dumpRows();
    await script(hit, hit, hit, hit);

    for (const act of Object.values(set)) expect(await act(breached)).toEqual([422, BREACHED]);

    expect(await dumpRows()).toEqual(before);
    const asked = await received();
    expect(asked.map(({ path }) => path)).toEqual(Array(4).fill(`/range/${digest.slice(0, 5)}`));
    expect(asked[0]!.headers["add-padding"]).toBe("true");
    expect(JSON.stringify(asked)).not.toMatch(new RegExp(`${breached}|${digest.slice(5)}|jane`, "i"));
    expect(world.sent).toEqual([]);
  });

  it.each([
    ["no line matches it", range(`${digest.slice(5, 39)}X:12`)],
    ["its line is padding", range(`${digest.slice(5)}:0`)],
    ["the service fails", { status: 503, body: `${digest.slice(5)}:12` }],
    ["the service redirects", { status: 302, headers: { location: `${PROVIDER}/elsewhere` } }],
    ["the service hangs", { status: 200, hangs: true as const }],
  ])("is accepted if %s", async (_, answer) => {
    const { set } = await ways(HIBP);
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    await script(answer);

    expect((await set.change(breached))[0]).toBe(200);

    expect(await received()).toHaveLength(1);
    expect(JSON.stringify(logged.mock.calls)).not.toContain(breached);
  });

  it("is accepted if the service is unreachable", async () => {
    const { set } = await ways({ ...HIBP, HIBP_BASE_URL: "http://127.0.0.1:9" });
    vi.spyOn(console, "error").mockImplementation(() => {});

    expect((await set.change(breached))[0]).toBe(200);
  });

  it("is refused by default", async () => {
    const { set } = await ways({ HIBP: "", HIBP_BASE_URL: PROVIDER });
    await script(hit);

    expect(await set.change(breached)).toEqual([422, BREACHED]);
  });

  it("is not looked up if HIBP is off", async () => {
    const { set } = await ways({ HIBP: "off", HIBP_BASE_URL: PROVIDER });

    expect((await set.change(breached))[0]).toBe(200);
    expect(await received()).toEqual([]);
  });
});
