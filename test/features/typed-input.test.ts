import { describe, expect, it } from "vitest";
import { NO_COOLDOWN, outbox, PROVIDERS } from "../support/outbox.ts";
import { FRESH_PASSWORD, PASSWORD } from "../support/passwords.ts";
import { JANE, logIn, people } from "../support/people.ts";
import { rowCount, rows } from "../support/rows.ts";
import { administer, call } from "../support/rpc.ts";
import { checked, createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

/** Spellings of one address. */
const BUECHER = [
  "jo@bücher.de",
  "JO@BÜCHER.DE",
  "jo@bu\u0308cher.de",
  "jo@xn--bcher-kva.de",
  "ｊｏ＠ｂüｃｈｅｒ．ｄｅ",
  "jo@bücher。de",
  "jo@bücher.de.",
  " \u200ejo@bücher.de\u00a0",
  "jo@bü\u00adcher.de",
  "mailto:jo@bücher.de",
  "<jo@bücher.de>",
];

describe("an email address", () => {
  it("is stored in one form and found by each spelling: API, service binding and page", async () => {
    for (const spelling of BUECHER) {
      const world = createWorld(PROVIDERS);
      const { status, json } = await world.post("/auth/register", { email: spelling, password: PASSWORD });
      expect([spelling, status, json.email]).toEqual([spelling, 201, "jo@xn--bcher-kva.de"]);
      await world.env.DB.exec("delete from users");
    }
    const world = createWorld(PROVIDERS);
    await world.post("/auth/register", { email: BUECHER[0], password: PASSWORD });
    world.sent.length = 0;

    for (const spelling of BUECHER) {
      expect([spelling, (await logIn(world, spelling)).status]).toEqual([spelling, 200]);
      expect((await call(world, "login", { email: spelling, password: PASSWORD })).ok).toBe(true);
      expect((await createVisitor(world).signIn(spelling)).location).toBe(checked());
      expect((await administer(world, "listUsers", { query: spelling })).value.users).toHaveLength(1);
      expect((await world.post("/auth/register", { email: spelling, password: PASSWORD })).status).toBe(409);
    }
    world.sent.length = 0;
    await world.post("/auth/forgot-password", { email: BUECHER[4] });
    await world.flush();
    expect((await outbox.last()).to).toBe("jo@xn--bcher-kva.de");
    expect(await rowCount("users")).toBe(1);
  });

  it.each([
    ...["a&b", "a/b", "a=b", "a!", "a#b", "a~b", "a%b", "ab'", "a?b", "a$b", "a*b", "a^b", "a`b", "a{b}", "a|b"].map(
      (local) => [`${local}@example.com`, `${local}@example.com`],
    ),
    ["a..b@docomo.ne.jp", "a..b@docomo.ne.jp"],
    ["a.@docomo.ne.jp", "a.@docomo.ne.jp"],
    ['"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"],
    ["jo@почта.рф", "jo@xn--80a1acny.xn--p1ai"],
    ["jo@xn--80a1acny.xn--p1ai", "jo@xn--80a1acny.xn--p1ai"],
    ["jo@例え。ｊｐ", "jo@xn--r8jz45g.jp"],
    ["jo@faß.de", "jo@xn--fa-hia.de"],
    ["jo@शहर२.com", "jo@xn--t2blj3q.com"],
    ["jo@نامه\u200cای.com", "jo@xn--mgba3gch31f060k.com"],
    ["jo@example.photography", "jo@example.photography"],
    [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
  ])("%s is accepted, gets a code and signs in", async (typed, stored) => {
    const world = createWorld(PROVIDERS);

    const { status, json } = await world.post("/auth/register", { email: typed, password: PASSWORD });
    await world.flush();

    expect([status, json?.email]).toEqual([201, stored]);
    expect((await outbox.last()).to).toBe(stored);
    expect((await logIn(world, typed)).status).toBe(200);
  });

  it("is refused unless it names a mailbox of a public host", async () => {
    const world = createWorld();
    const hosts = ["1.2.3.4", "[1.2.3.4]", "[IPv6:::1]", "0x7f.1", "2130706433", "localhost", "example.com:25"];
    hosts.push("exa%6dple.com", "example.com/x", "example.com?x", "example.com#x", "foo_bar.com", "a..com", "-a.com");
    hosts.push("a-.com", "ex ample.com", "exam\tple.com", "example.com\u0001", "example.123", `${"a".repeat(64)}.com`);
    hosts.push(`${"a.".repeat(126)}com`, "", "．．", "example：８０.com", "example／x.com", "ex\\ample.com", "a@b.com");
    const local = ["", "jo doe", "jö", "jo,x", "<jo", "jo(x)", '"jo doe"', "a".repeat(65), "x:y", "a\\b", "😀"];

    for (const email of [...hosts.map((host) => `jo@${host}`), ...local.map((part) => `${part}@example.com`)]) {
      const { status, json } = await world.post("/auth/register", { email, password: PASSWORD });
      expect([email, status, json.errors?.[0].path]).toEqual([email, 422, "email"]);
    }
  });

  it("that was stored under former rules is still found", async () => {
    const { world } = await createWorldWithJane();
    for (const former of ["jo@foo-.com", `${"a".repeat(70)}@example.com`, "jo@xn--zz--.de"]) {
      await world.env.DB.prepare("update users set email = ?").bind(former).run();
      expect([former, (await logIn(world, former.toUpperCase())).status]).toEqual([former, 200]);
    }
  });
});

it("an identifier is found with the spaces, marks and widths of any keyboard, and no guess is counted", async () => {
  const { world } = await createWorldWithJane();
  const spellings = [
    "janedoe ",
    "\u00a0janedoe",
    "\u200bjanedoe\ufeff",
    "ｊａｎｅｄｏｅ",
    "\u2067janedoe\u2069",
    "Jane\u00addoe",
  ];
  spellings.push("jane.doe@example.com ", "jane.doe＠example.com", "JANE.DOE@EXAMPLE.COM\u200b", "＋1 202 555 0123");
  spellings.push("+١ ٢٠٢ ٥٥٥ ٠١٢٣", "\u202a+1 202 555 0123\u202c", "12025550123", "tel:+1-202-555-0123");

  for (const identifier of spellings) {
    const form = { username: identifier, password: PASSWORD };
    expect([identifier, (await logIn(world, identifier)).status]).toEqual([identifier, 200]);
    expect([identifier, (await world.form("/auth/login", form)).status]).toEqual([identifier, 200]);
    expect((await call(world, "login", { identifier, password: PASSWORD })).ok).toBe(true);
    expect((await createVisitor(world).signIn(identifier)).location).toBe(checked());
  }
  expect(await rowCount("lockouts")).toBe(0);
});

it("an administrator names and finds accounts in any spelling", async () => {
  const { world, jane } = await createWorldWithJane();

  for (const address of [" Jane.Doe＠example.com", "\u200e+1 (202) 555-0123"]) {
    expect((await administer(world, "setVerified", jane.id, address, true)).ok).toBe(true);
    expect((await administer(world, "listUsers", { query: address })).value.users).toHaveLength(1);
  }
  const created = await administer(world, "createUser", { email: "Jo＠bücher.de ", username: "Jo\u200bDoe " });
  expect(created.value).toMatchObject({ email: "jo@xn--bcher-kva.de", username: "JoDoe" });
});

describe("a phone number", () => {
  it("is stored in one form by the API and the page, whatever marks surround it", async () => {
    for (const phone of [
      "\u202a+20 101 234 5678\u202c",
      "＋２０１０１２３４５６７８",
      "٠١٠١٢٣٤٥٦٧٨",
      "20 1012345678",
    ]) {
      const world = createWorld();
      const { status, json } = await world.post("/auth/register", { phone, password: PASSWORD });
      expect([phone, status, json.phone]).toEqual([phone, 201, "+201012345678"]);
      await world.env.DB.exec("delete from users");

      const visitor = createVisitor(world);
      const fields = { address: phone, password: PASSWORD };
      expect((await visitor.post("/sign-up", fields)).location).toBe("/verify");
      expect((await rows("users"))[0]).toMatchObject({ phone: "+201012345678", email: null, username: null });
      await world.env.DB.exec("delete from users");
    }
  });

  it("with an extension is refused by name, and changes nothing", async () => {
    const world = createWorld();
    const { status, json } = await world.post("/auth/register", {
      phone: "+1 202 555 0188 ext. 5",
      password: PASSWORD,
    });

    expect([status, json.errors]).toEqual([
      422,
      [{ path: "phone", code: "invalid_format", message: "Must not have an extension." }],
    ]);
    expect(await rowCount("users")).toBe(0);
  });
});

const grouped = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;
const inDigits = (zero: number) => (code: string) =>
  code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

it.each([
  ["a space", grouped],
  ["a no-break space", (code: string) => grouped(code).replace(" ", "\u00a0")],
  ["a dash", (code: string) => grouped(code).replace(" ", "–")],
  ["a dot and marks", (code: string) => `\u2068${grouped(code).replace(" ", ".\u200b")}\u2069`],
  ["Arabic digits", inDigits(0x660)],
  ["Persian digits", inDigits(0x6f0)],
  ["Devanagari digits", inDigits(0x966)],
  ["full-width digits", inDigits(0xff10)],
])("a code is accepted with %s by the API, a service binding and the page", async (_, spell) => {
  const reset = async (act: (otp: string) => Promise<unknown>) => {
    const { message } = await people.jane.requestedResetCode();
    return act(spell(message.code));
  };
  const body = (otp: string) => ({ identifier: JANE.phone, otp, new_password: FRESH_PASSWORD });
  const world = createWorld(NO_COOLDOWN);

  expect(await reset(async (otp) => (await world.post("/auth/verify-reset", body(otp))).status)).toBe(204);
  await world.env.DB.exec("delete from users");
  expect(await reset(async (otp) => (await call(world, "verifyReset", body(otp))).ok)).toBe(true);
  await world.env.DB.exec("delete from users");
  const page = async (otp: string) =>
    (await createVisitor(world).post("/reset-password/code", { ...body(otp), confirm_password: FRESH_PASSWORD }))
      .status;
  expect(await reset(page)).toBe(303);
});

it("a link's token is accepted with what a mail program adds to it, in the body and in the path", async () => {
  const wrap = (token: string) => ` <${token.slice(0, 20)}\r\n ${token.slice(20)}>\u200b`;
  const first = await people.jane.requestedReset();

  expect((await first.reset(wrap(first.link))).status).toBe(204);
  const { token } = await first.request();
  const path = `/auth/reset-password/${encodeURIComponent(wrap(token))}`;
  expect((await first.world.post(path, { new_password: FRESH_PASSWORD })).status).toBe(204);
});

it("a name is stored without marks and the spaces around it, and with the joiners of its script", async () => {
  const { world, login } = await createWorldWithJane();
  const token = (await login()).access_token;

  for (const [typed, stored] of [
    ["  Jane\u00a0Doe\t", "Jane Doe"],
    ["\u2067Jane\u2069\u202e", "Jane"],
    ["\u200fمحمد\u200f", "محمد"],
    ["Ame\u0301lie", "Amélie"],
    ["می\u200cخواهم", "می\u200cخواهم"],
    ["٣ 👨\u200d👩\u200d👧", "٣ 👨\u200d👩\u200d👧"],
  ]) {
    const { json } = await world.call("PATCH", "/users/me", { token, body: { first_name: typed } });
    expect(json.first_name).toBe(stored);
  }
  for (const first_name of ["a\nb", "a\u2028b"]) {
    expect((await world.call("PATCH", "/users/me", { token, body: { first_name } })).status).toBe(422);
  }
});
