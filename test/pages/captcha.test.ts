import { describe, expect, it } from "vitest";
import { passed, TOKEN, TURNSTILE } from "../support/captcha.ts";
import { guess } from "../support/guesses.ts";
import { NO_COOLDOWN, outbox, received, script } from "../support/outbox.ts";
import { PAGE_ROUTES } from "../support/page-routes.ts";
import { PASSWORD, WRONG_PASSWORD } from "../support/passwords.ts";
import { times } from "../support/race.ts";
import { checked, createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, dumpRows } from "../support/world.ts";

const ORIGIN = "https://challenges.cloudflare.com";

/** The pages that show the widget at once: page, action of the widget, form, and where it leads. */
const SHOWN = [
  ["/sign-up", "register", "/sign-up", { address: "john@example.com", password: PASSWORD }, "/verify"],
  ["/forgot-password", "reset", "/forgot-password", { identifier: "janedoe" }, "/forgot-password/sent"],
  ["/sign-in/code", "login", "/sign-in/code", { identifier: "janedoe" }, "/sign-in/code/enter"],
  ["/verify", "verify", "/verify/resend", { identifier: "janedoe" }, "/verify?notice=resent"],
] as const;

/** The parts of a page that have to do with the captcha. */
const widgetOf = ({ text, headers }: { text: string; headers: Headers }) => ({
  widget: /<div class="cf-turnstile"[^>]*>/.exec(text)?.[0],
  scripts: text.match(/<script[^>]*>/g)?.filter((tag) => tag.includes(ORIGIN)),
  policies: headers
    .get("content-security-policy")
    ?.split("; ")
    .filter((policy) => policy.includes(ORIGIN)),
});
const NONE = { widget: undefined, scripts: [], policies: [] };
const widgetFor = (action: string) => ({
  widget: expect.stringContaining(`data-action="${action}"`),
  scripts: [`<script src="${ORIGIN}/turnstile/v0/api.js" async="" defer="">`],
  policies: [`script-src 'self' ${ORIGIN}`, `frame-src ${ORIGIN}`],
});

describe("the widget of the captcha", () => {
  it.each(SHOWN)("is on %s, with the action %s", async (page, action, path, fields, location) => {
    const world = createWorld(TURNSTILE);
    const visitor = createVisitor(world);
    const shown = await visitor.get(page);

    expect(widgetOf(shown)).toEqual(widgetFor(action));
    expect(shown.text).toContain(`data-sitekey="${TURNSTILE.TURNSTILE_SITE_KEY}"`);
    expect(shown.text).toContain('data-response-field-name="turnstile_token"');

    await script(passed({ action }));
    const sent = await visitor.post(path, { ...fields, turnstile_token: TOKEN });
    expect([sent.status, sent.location]).toEqual([303, location]);
    expect(JSON.parse((await received())[0]!.body).response).toBe(TOKEN);
  });

  it.each(SHOWN)("is shown again on %s if its token is missing or refused", async (_, action, path, fields) => {
    await createWorldWithJane();
    const world = createWorld(TURNSTILE);
    const before = await dumpRows();

    for (const turnstile_token of ["", TOKEN]) {
      await script(passed({ action: "other" }));
      const refused = await createVisitor(world).post(path, { ...fields, turnstile_token });
      expect([refused.status, widgetOf(refused)]).toEqual([403, widgetFor(action)]);
      expect(refused.text).toContain("Complete the security check, then try again.");
      expect(refused.text).toContain(`value="${Object.values(fields)[0]}"`);
      expect(refused.text).not.toContain(TOKEN);
    }
    expect([await dumpRows(), world.sent]).toEqual([before, []]);
  });

  it("says in words that it needs JavaScript, in the language of the browser", async () => {
    const visitor = createVisitor(createWorld(TURNSTILE));
    const noscript = async (language: string) =>
      /<noscript>(.*?)<\/noscript>/s.exec((await visitor.get("/sign-up", { "accept-language": language })).text)?.[1];

    expect(await noscript("en")).toContain("The security check needs JavaScript.");
    expect(await noscript("de")).toContain("Für die Sicherheitsprüfung ist JavaScript nötig.");
  });

  it("is at sign-in only once it is needed, and stays for a wrong password", async () => {
    await createWorldWithJane();
    const visitor = createVisitor(createWorld(TURNSTILE));
    const fields = { identifier: "janedoe", password: PASSWORD };
    expect(widgetOf(await visitor.get("/sign-in"))).toEqual(NONE);
    for (let n = 0; n < 3; n++) {
      const refused = await visitor.post("/sign-in", { ...fields, password: WRONG_PASSWORD });
      expect([refused.status, widgetOf(refused)]).toEqual([401, NONE]);
    }

    const asked = await visitor.post("/sign-in", fields);
    expect([asked.status, widgetOf(asked)]).toEqual([403, widgetFor("login")]);
    await script(passed({ action: "login" }), passed({ action: "login" }));
    const wrong = await visitor.post("/sign-in", { ...fields, password: WRONG_PASSWORD, turnstile_token: TOKEN });
    expect([wrong.status, widgetOf(wrong)]).toEqual([401, widgetFor("login")]);
    const right = await visitor.post("/sign-in", { ...fields, turnstile_token: TOKEN });
    expect([right.status, right.location]).toEqual([303, checked()]);
  });

  it("lets a stranger's wrong guesses not keep the owner from signing in on the pages", async () => {
    await createWorldWithJane();
    const world = createWorld(TURNSTILE);
    await times(3, () => guess(world));
    await script(passed({ action: "login" }));

    const fields = { identifier: "janedoe", password: PASSWORD, turnstile_token: TOKEN };
    expect((await createVisitor(world).post("/sign-in", fields)).location).toBe(checked());
  });

  it("is not needed for a code, whose form it shares", async () => {
    const { world, jane } = await createWorldWithJane(NO_COOLDOWN);
    await world.post("/auth/verify/resend", { identifier: jane.email });
    await world.flush();
    const { code: otp } = await outbox.last();
    await script();

    const visitor = createVisitor(createWorld(TURNSTILE));
    const verified = await visitor.post("/verify", { identifier: jane.email, otp, turnstile_token: TOKEN });
    expect(verified.location).toBe("/sign-in?notice=verified");
    expect(await received()).toEqual([]);
  });
});

describe("Turnstile's origin", () => {
  const PAGES = Object.keys(PAGE_ROUTES).filter((name) => name.startsWith("GET /"));
  const pathOf = (name: string) => name.slice("GET ".length).replace("{file}", "page.css");
  const shown: readonly string[] = SHOWN.map(([page]) => page);

  it.each(PAGES)("is on no page that needs no captcha: %s", async (name) => {
    const path = pathOf(name);
    await createWorldWithJane();
    for (const settings of shown.includes(path) ? [{}] : [{}, TURNSTILE]) {
      const visitor = createVisitor(createWorld(settings));
      const [signedOut, failed] = [await visitor.get(path), await visitor.get("/nowhere")];
      await visitor.signIn();

      for (const answer of [signedOut, failed, await visitor.get(path)]) {
        expect(answer.text + answer.headers.get("content-security-policy")).not.toContain("challenges.cloudflare");
      }
    }
  });

  it("is not on the page of a reset link, whose URL holds a secret", async () => {
    const { text, headers } = await createVisitor(createWorld(TURNSTILE)).get("/reset-password?token=canary");

    expect(text + headers.get("content-security-policy")).not.toContain("challenges.cloudflare");
  });
});
