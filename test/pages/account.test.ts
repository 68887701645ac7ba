import { describe, expect, it } from "vitest";
import { en } from "../../src/locales/en/en.ts";
import { prefer, verifyAddresses, verifyEmails } from "../support/rows.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "../support/world.ts";

/** Jane in a browser. */
async function signedIn(settings: Partial<Env> = {}) {
  const { world, login } = await createWorldWithJane(settings);
  const visitor = createVisitor(world);
  await visitor.signIn();
  return { world, login, visitor };
}

/** What people read: the text of a page. */
const read = (html: string) =>
  html
    .replace(/<(style|script|head)\b.*?<\/\1>/gs, " ")
    .replace(/<\/?strong>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

/** The links and buttons of a page: their visible and their full texts. */
const actsOf = (html: string) =>
  [...html.matchAll(/<(?:a|button)\b[^>]*aria-label="([^"]*)"[^>]*>([^<]*)</g)].map(([, full, short]) => [short, full]);

describe("the account page", () => {
  it("shows each way to sign in with its value, its state and its acts", async () => {
    const { visitor } = await signedIn();
    await verifyEmails();
    await prefer("email");

    const { text } = await visitor.get("/account");

    expect(read(text)).toContain("Email Verified Preferred jane.doe@example.com");
    expect(read(text)).toContain("Phone Not verified +1 202 555 0123");
    expect(read(text)).toContain(
      "Username janedoe Change Password Signs you in together with your email, phone, or username. Change Remove Passkeys None yet ",
    );
    expect(actsOf(text)).toEqual([
      ["Edit", "Edit profile"],
      ["Change", "Change preferred contact"],
      ["Change", "Change email"],
      ["Remove", "Remove email"],
      ["Verify", "Verify phone number"],
      ["Change", "Change phone number"],
      ["Remove", "Remove phone number"],
      ["Change", "Change username"],
      ["Change", "Change password"],
      ["Remove", "Remove password"],
      ["Add a passkey", "Add a passkey"],
      ["Manage linked accounts", "Manage linked accounts"],
      ["Add authenticator app", "Add authenticator app"],
      ["Manage apps", "Manage apps"],
      ["Manage API keys", "Manage API keys"],
      ["Delete", "Delete account"],
    ]);
  });

  it("offers to add what is not set, and writes a domain as people do", async () => {
    const world = createWorld();
    await world.post("/auth/register", { email: "jane@b\u00fccher.example", password: PASSWORD });
    const visitor = createVisitor(world);
    await visitor.signIn("jane@b\u00fccher.example");
    const { text } = await visitor.get("/account");

    expect(read(text)).toContain("jane@b\u00fccher.example");
    expect(actsOf(text)).toContainEqual(["Add phone", "Add phone"]);
    expect(actsOf(text)).toContainEqual(["Add username", "Add username"]);
    expect(text).not.toContain("Remove");
    expect(read(text)).not.toContain("Preferred contact");
  });

  it("leads an unverified account to its code, and a verified one nowhere", async () => {
    const { visitor } = await signedIn();
    const { text } = await visitor.get("/account");
    expect(text).toContain('<a href="/verify">');
    expect((await visitor.get("/verify")).text).toContain('value="jane.doe@example.com"');

    await verifyAddresses();
    expect((await visitor.get("/account")).text).not.toContain("/verify");
  });

  it.each(["profile", "username", "email", "phone", "email/confirm", "email/remove", "password", "delete"])(
    "is one link away from the form at /account/%s",
    async (path) => {
      const { visitor } = await signedIn();
      const { text } = await visitor.get(`/account/${path}`);
      const { deletion, acts } = en.pages.account;

      expect(text).toContain(`href="/account">${path === "delete" ? deletion.cancel : acts.cancel}</a>`);
      expect(text.match(/<h1>/g)).toHaveLength(1);
    },
  );
});

describe("the form that deletes the account", () => {
  it("names the account and says what is lost", async () => {
    const { visitor } = await signedIn();
    const named = async (identifier: string) => {
      await visitor.signIn(identifier);
      return read((await visitor.get("/account/delete")).text);
    };

    expect(await named("jane.doe@example.com")).toContain("delete the account jane.doe@example.com.");
    expect(await named("+12025550123")).toContain("delete the account +1 202 555 0123.");
    const text = await named("janedoe");
    expect(text).toContain("delete the account janedoe.");
    for (const line of [...en.pages.account.deletion.lost, en.pages.account.deletion.kept])
      expect(text.replaceAll("&#39;", "'")).toContain(line);
  });
});

describe("the page of sessions", () => {
  it("lists this device first, the others by last use, with times that a script can read", async () => {
    const { visitor, login } = await signedIn();
    await login({ "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" });
    await login({ "user-agent": "Notes/1.0" });

    const { text } = await visitor.get("/account/sessions");
    const [own = "", others = ""] = text.split("<h2>Other devices</h2>");

    expect(read(own)).toContain("This device Active now");
    expect(others).not.toContain("This device");
    expect(others.search("Notes")).toBeLessThan(others.search("Firefox on Linux"));
    expect(others.match(/Last active <time datetime="20[^"]*Z">[^<]* UTC<\/time>/g)).toHaveLength(2);
    expect(actsOf(text)).toContainEqual(["Sign out", "Sign out: Firefox on Linux"]);
  });

  it("asks before it signs out all other devices, and does not offer it without any", async () => {
    const { visitor, login } = await signedIn();
    expect((await visitor.get("/account/sessions")).text).not.toContain("end-others");

    await login();
    expect((await visitor.get("/account/sessions")).text).toMatch(/<details><summary.*?end-others/s);
    await visitor.post("/account/sessions/end-others", {});
    expect((await visitor.get("/account/sessions")).text).not.toContain("end-others");
  });
});

describe("GET /sign-out", () => {
  it("signs nobody out, but shows the button that does", async () => {
    const { visitor } = await signedIn();
    const { status, text } = await visitor.get("/sign-out", { "sec-fetch-site": "cross-site" });

    expect([status, text.includes('<form method="post" action="/sign-out">')]).toEqual([200, true]);
    expect((await visitor.get("/account")).status).toBe(200);
    await visitor.post("/sign-out", {});
    expect((await visitor.get("/sign-out")).location).toBe("/signed-out");
  });
});

describe("the page of activity", () => {
  it("shows one group of events, marks failures and says if there are none", async () => {
    const { world, visitor } = await signedIn();
    await world.post("/auth/login", { identifier: "janedoe", password: "wrong-horse-7" });
    const rowsOf = async (query: string) => {
      const { text } = await visitor.get(`/account/activity${query}`);
      return [...text.matchAll(/<li class="([^"]*)">.*?<p class="title">([^<]*)</gs)].map(([, kind, name]) => [
        kind,
        name,
      ]);
    };

    const signIns = [
      ["event failure", "Sign-in failed"],
      ["event", "Signed in"],
    ];
    expect(await rowsOf("?group=sign_ins")).toEqual(signIns);
    expect(await rowsOf("?group=changes")).toEqual([["event", "Account created"]]);
    expect(await rowsOf("")).toEqual([...signIns, ["event", "Account created"]]);
    const { text } = await visitor.get("/account/activity?group=messages");
    expect(text).toContain(en.pages.events.none);
    expect(text).toContain('href="/account/activity?group=messages" aria-current="page"');
  });
});
