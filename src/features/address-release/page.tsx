import { Form, type FormState, Refusal } from "../../pages/fields.tsx";
import { formPage } from "../../pages/form-page.tsx";
import { ReleaseAddress, release } from "./address-release.ts";

export const releasePages = formPage("/release-address", {
  title: (t) => t.addressRelease.title,
  // GET and HEAD leave the link unused: mail scanners follow it.
  open: (c) => ({ token: c.req.query("token") }),
  content: ReleaseForm,
  schema: ReleaseAddress,
  rateLimits: ["credentials"],
  async act(c, input) {
    const released = await release(c.var.deps, input);
    return released.ok ? c.redirect("/sign-up?notice=released", 303) : released;
  },
});

function ReleaseForm(form: FormState) {
  const { t, failure } = form;
  const { token } = form.values;
  if (failure?.code === "invalid_token") return <Refusal {...form} />;
  return (
    <Form {...form} action="/release-address" submit={t.addressRelease.submit} danger>
      <p>{t.addressRelease.lead}</p>
      <input type="hidden" name="token" value={token ?? ""} />
    </Form>
  );
}
