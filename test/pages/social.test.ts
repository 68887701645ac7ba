import { describe, expect, it } from "vitest";
import { ANN, createSocialWorld, signedUpAt } from "../support/social.ts";
import { createVisitor, mainOf } from "../support/visitor.ts";
import { createWorld, createWorldWithJane } from "../support/world.ts";

const buttonsOf = (html: string) =>
  [...html.matchAll(/<a class="button secondary" href="(\/auth\/social[^"]*)">(.*?)<\/a>/gs)].map(
    ([, href, text = ""]) => [href, text.replace(/<svg.*?<\/svg>/s, "").replace(/<[^>]*>/g, "|")],
  );

describe("the buttons of identity providers", () => {
  it.each(["/sign-in", "/sign-up"])("are links with mark, name and return address on %s", async (path) => {
    const { world } = await createSocialWorld();
    const { text, headers } = await createVisitor(world).get(`${path}?return_to=/account/sessions`);

    expect(buttonsOf(text)).toEqual([
      ["/auth/social/acme?return_to=%2Faccount%2Fsessions", "Continue with Acme"],
      ["/auth/social/other?return_to=%2Faccount%2Fsessions", "Continue with Other"],
    ]);
    expect(text).toContain('<use href="/pages/marks.svg#oidc">');
    expect(headers.get("content-security-policy")).toMatch(/form-action 'self'( https:\/\/auth\.test)?;/);
    expect((await world.get("/pages/marks.svg")).text).toContain('<symbol id="oidc"');
  });

  it("are not there without providers", async () => {
    const visitor = createVisitor(createWorld({ IDENTITY_PROVIDERS: "" }));

    expect(mainOf((await visitor.get("/sign-in")).text)).not.toMatch(/social|class="or"/);
  });

  it("mark the one that this browser used last, until it signs in another way", async () => {
    const { world: provided, acme } = await createSocialWorld();
    const visitor = await signedUpAt(provided, acme, ANN);
    await visitor.post("/sign-out", {});
    expect(buttonsOf((await visitor.get("/sign-in")).text)[0]?.[1]).toBe("Continue with Acme|Last used|");

    await createWorldWithJane();
    await visitor.signIn();
    await visitor.post("/sign-out", {});
    expect(buttonsOf((await visitor.get("/sign-in")).text)[0]?.[1]).toBe("Continue with Acme");
  });
});
