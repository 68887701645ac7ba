import { describe, expect, it, vi } from "vitest";
import { allSamples } from "../../src/gallery/samples.ts";
import { shownForms } from "../../src/pages/form-page.tsx";
import { PAGE_ROUTES } from "../support/page-routes.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld } from "../support/world.ts";

const LOCAL = { ISSUER: "http://localhost:8787" };
const samples = allSamples();
const paths = Object.values(samples).map(({ path }) => path.split("?")[0]);

describe("the gallery of a developer's machine", () => {
  it("has every page that is shown to a signed-in user, and every form", () => {
    const shown = Object.entries(PAGE_ROUTES)
      .filter(([name, { status }]) => name.startsWith("GET ") && status === 200 && !name.includes("{"))
      .map(([name]) => name.slice(4));
    // Their GET leads elsewhere; the form is that of another page.
    const repeated = ["/verify/resend", "/account/email/resend", "/account/phone/resend"];
    const forms = [...shownForms.keys()].filter((path) => !repeated.includes(path));

    expect(forms.length).toBeGreaterThan(15);
    expect([...shown, ...forms].filter((path) => !paths.includes(path))).toEqual([]);
  });

  it.each(Object.keys(samples))("shows %s without a session, and leaves the browser as it is", async (name) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { status, text, headers } = await createVisitor(createWorld(LOCAL)).get(`/dev/pages/${name}`);

    expect([status === 404, headers.getSetCookie()]).toEqual([name === "not-found", []]);
    expect(text).toMatch(/<h1/);
  });

  it.each(Object.keys(samples).filter((name) => name.endsWith("-refused")))(
    "shows why a form was refused first, in %s",
    async (name) => {
      const { text } = await createVisitor(createWorld(LOCAL)).get(`/dev/pages/${name}`);
      const fromTitle = text.slice(text.indexOf("<h1>")).replace(/<(section|form|input type="hidden")[^>]*>/g, "");

      expect(fromTitle).toMatch(/^<h1>[^<]*<\/h1><div class="alert error">/);
    },
  );

  it("is not there at an address that others reach", async () => {
    const { get } = createVisitor(createWorld());

    expect([(await get("/dev/pages")).status, (await get("/dev/pages/sign-in")).status]).toEqual([404, 404]);
  });
});
