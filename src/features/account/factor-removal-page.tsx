/** The warning of the account page that second factors will be removed, and its button. */
import { type Context, Hono } from "hono";
import { keepOwnFactors } from "../../auth/own-factors.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { fromOwnPage } from "../../pages/form.ts";
import { localeOf } from "../../pages/page.tsx";
import { actionOf, askToConfirmIdentity, askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";

const PATH = "/account/keep-factors";
const KEPT = "/account?notice=factorsKept";

interface FactorRemovalProps {
  t: PageMessages;
  c: Context<SignedInEnv>;
  /** ISO 8601. */
  dueAt: string;
}

export const FactorRemoval = ({ t: { factorRemoval }, c, dueAt }: FactorRemovalProps) => (
  <form method="post" action={actionOf(c, PATH)} class="alert error">
    <p>{fillIn(factorRemoval.lead, { when: timesIn(localeOf(c))(dueAt) })}</p>
    <div class="acts">
      <button type="submit" class="small">
        {factorRemoval.keep.submit}
      </button>
    </div>
  </form>
);

export const factorRemovalPages = new Hono<SignedInEnv>()
  // A browser that comes back to the form after a sign-in sends a GET.
  .on("GET", [PATH], (c) => c.redirect(`/account${new URL(c.req.url).search}`, 303))
  .post(PATH, fromOwnPage, signedIn, async (c) => {
    const kept = await keepOwnFactors(c.var.deps, c.var.session);
    if (kept.ok || kept.code === "not_found") return c.redirect(KEPT, 303);
    // The proof of a second factor cancels the removal as well.
    return kept.acr ? askToConfirmIdentity(c, { to: KEPT }) : askToSignIn(c);
  });
