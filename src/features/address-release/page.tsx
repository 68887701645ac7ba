import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import type { FormState } from "../../pages/fields.tsx";
import { exchangeLink, followedLink, forgetLink } from "../../pages/followed-link.ts";
import { formPage } from "../../pages/form-page.tsx";
import { Form, Refusal } from "../../pages/form-parts.tsx";
import { showPage, translations } from "../../pages/page.tsx";
import { err } from "../../result.ts";
import { findReleaseLink, ReleaseAddress, release } from "./address-release.ts";

const LINK = { cookie: "release_link", path: "/release-address/link" } as const;

const linkPage = formPage("/release-address", {
  title: (t) => t.addressRelease.title,
  open: (c) => exchangeLink(c, LINK, c.req.query("token") ?? ""),
  content: ReleaseForm,
  schema: ReleaseAddress,
  rateLimits: ["credentials"],
  async act(c, input) {
    const released = await release(c.var.deps, input);
    if (released.ok || released.code === "invalid_token") forgetLink(c, LINK);
    return released.ok ? c.redirect("/sign-up?notice=released", 303) : released;
  },
});

const followedPage = new Hono<AppEnv>().get(LINK.path, rateLimit("credentials"), async (c) => {
  const t = await translations(c);
  const token = followedLink(c, LINK) ?? "";
  const failure = (await findReleaseLink(c.var.deps, token)) ? undefined : err("invalid_token");
  const children = <ReleaseForm t={t} values={{ token }} failure={failure} />;
  return showPage(c, { title: t.addressRelease.title, failure, children });
});

export const releasePages = new Hono<AppEnv>().route("/", linkPage).route("/", followedPage);

function ReleaseForm(form: FormState) {
  const { t, failure } = form;
  const { token } = form.values;
  if (failure?.code === "invalid_token") {
    // Signing up with the address again sends another link.
    return (
      <>
        <Refusal {...form} />
        <a class="button" href="/sign-up">
          {t.register.link}
        </a>
      </>
    );
  }
  return (
    <Form {...form} action="/release-address" submit={t.addressRelease.submit} danger>
      <p>{t.addressRelease.lead}</p>
      <input type="hidden" name="token" value={token ?? ""} />
    </Form>
  );
}
