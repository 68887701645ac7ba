/**
 * The step-up of a session, and back to the page that needs it: a second factor, or the password of
 * a user who has none and signed in without it. A user with neither gets a code.
 */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { FactorCode as Code } from "../../auth/factors.ts";
import { ownFactors } from "../../auth/own-factors.ts";
import type { Factors, SecondFactor } from "../../contract/factors.ts";
import { answer } from "../../http/answer.ts";
import { rateLimit } from "../../http/rate-limit.ts";
import { FactorCode, factorRefusals, factorToAsk, OtherFactors } from "../../pages/factor-code.tsx";
import { CurrentPasswordField, type FormState, type FormValues } from "../../pages/fields.tsx";
import { fromOwnPage } from "../../pages/form.ts";
import { accountFormPage } from "../../pages/form-page.tsx";
import { PasskeyForm } from "../../pages/passkey-form.tsx";
import { ProviderLinks } from "../../pages/provider-links.tsx";
import { ownPath, pageBefore, parseReturnTo } from "../../pages/return-to.ts";
import {
  actionOf,
  asksForPassword,
  askToSignIn,
  keepSession,
  IDENTITY_PATH as PATH,
  type SignedInEnv,
  signedIn,
} from "../../pages/session.ts";
import { exactlyOne } from "../../schemas/exactly-one.ts";
import { signsInByCode } from "../../schemas/login-methods.ts";
import { optional } from "../../schemas/optional.ts";
import { OptionalPassword } from "../../schemas/password.ts";
import { AuthenticationResponse, inField } from "../../schemas/webauthn.ts";
import { listOwnIdentities } from "../../storage/identities.ts";
import { SEND_PATH } from "./identity-code-page.tsx";
import { reauthenticationOptions, renewAuthentication } from "./reauthentication.ts";

const OPTIONS_PATH = `${PATH}/options`;

const ConfirmIdentity = z
  .strictObject({
    password: OptionalPassword,
    code: optional(Code),
    credential: optional(inField(AuthenticationResponse)),
    return_to: optional(z.string()),
    use: optional(z.string()),
    /** What the page offers, which its form repeats: it is shown again without a query. */
    factors: optional(z.string()),
  })
  .check(exactlyOne("password", "code", "credential"));

const factorsOf = ({ totp, passkeys, recovery_codes_left }: Factors): SecondFactor[] => [
  ...(totp ? ["totp" as const] : []),
  ...(passkeys > 0 ? ["passkey" as const] : []),
  ...(recovery_codes_left > 0 ? ["recovery_code" as const] : []),
];

const factorsIn = ({ factors }: FormValues) => (factors?.split(",") ?? ["totp", "recovery_code"]) as SecondFactor[];

const isAtProvider = ({ factors, provider }: FormValues) => factors === "" && Boolean(provider);

const askedIn = (values: FormValues) => factorToAsk(factorsIn(values), values);

const sendPath = (return_to: string) => `${SEND_PATH}?${new URLSearchParams({ return_to })}`;

const returnIn = ({ values }: FormState, c: Context<SignedInEnv>) => ownPath(c, values["return_to"] ?? undefined);

/** How a user without a password confirms: the providers that the service still has, and codes. */
async function waysWithoutPassword({ var: { deps, session } }: Context<SignedInEnv>) {
  const own = await listOwnIdentities(deps.db, session, deps.now());
  const isOwn = ({ id }: { id: string }) => own?.list.some(({ provider }) => provider === id);
  const providers = deps.config.IDENTITY_PROVIDERS.filter(isOwn).map(({ id }) => id);
  return { provider: providers.join(), by_code: own && signsInByCode(deps, own.user) ? "true" : undefined };
}

const formPages = accountFormPage(PATH, {
  title: (t) => t.factors.identity.title,
  async open(c) {
    const own = await ownFactors(c.var.deps, c.var.session);
    if (!own.ok) return askToSignIn(c);
    const factors = factorsOf(own.value);
    const returnTo = c.req.query("return_to");
    // Forms of the account ask for the password themselves, unless the user signed in without it.
    const asksHere = /^\/(oauth|admin)\//.test(ownPath(c, returnTo));
    if (factors.length === 0 && asksForPassword(c.var.session) && !asksHere) return c.redirect("/account", 303);
    // A user without a password signs in at the provider again, or gets a code.
    const ways = factors.length > 0 || own.value.password ? undefined : await waysWithoutPassword(c);
    if (ways?.provider === "") return c.redirect(sendPath(ownPath(c, returnTo)), 303);
    return { return_to: returnTo, use: c.req.query("use"), factors: factors.join(), ...ways };
  },
  back: (form, c) => pageBefore(returnIn(form, c)),
  fields(form, c) {
    const factor = askedIn(form.values);
    if (factor === "passkey" || isAtProvider(form.values)) return null;
    return (
      <>
        <p>{form.t.factors.identity.lead}</p>
        <Kept form={form} c={c} />
        {form.values["factors"] === "" ? (
          <CurrentPasswordField form={{ ...form, withoutPassword: false }} name="password" />
        ) : (
          <FactorCode form={form} factor={factor} />
        )}
      </>
    );
  },
  below(form, c) {
    const { t, values } = form;
    if (isAtProvider(values)) {
      return (
        <>
          <p>{t.factors.identity.lead}</p>
          <ProviderLinks
            t={t}
            c={c}
            returnTo={parseReturnTo(c, returnIn(form, c))}
            only={values["provider"]?.split(",") ?? []}
          />
        </>
      );
    }
    if (askedIn(values) !== "passkey") return null;
    return (
      <>
        <p>
          {t.factors.identity.lead} {t.passkeys.lead}
        </p>
        <PasskeyForm
          t={t}
          action={actionOf(c, PATH)}
          options={actionOf(c, OPTIONS_PATH)}
          submit={t.passkeys.use.submit}
          needed
        >
          <Kept form={form} c={c} />
        </PasskeyForm>
      </>
    );
  },
  submit: (t) => t.factors.code.submit,
  refusals: ({ t, values }) => factorRefusals(t, askedIn(values)),
  links: (form, c) =>
    form.values["by_code"] ? (
      <a href={sendPath(returnIn(form, c))}>{form.t.login.code.submit}</a>
    ) : (
      factorsIn(form.values).length > 1 && (
        <OtherFactors
          t={form.t}
          path={PATH}
          factors={factorsIn(form.values)}
          asked={askedIn(form.values)}
          return_to={returnIn(form, c)}
        />
      )
    ),
  schema: ConfirmIdentity,
  rateLimits: ["credentials"],
  async act(c, { return_to, use: _, factors: __, ...proof }) {
    const renewed = await renewAuthentication(c.var.deps, c.var.session, proof);
    if (!renewed.ok) return renewed;
    keepSession(c, renewed.value);
    return c.redirect(ownPath(c, return_to), 303);
  },
});

/** What both forms repeat. */
const Kept = ({ form, c }: { form: FormState; c: Context<SignedInEnv> }) => (
  <>
    <input type="hidden" name="return_to" value={returnIn(form, c)} />
    <input type="hidden" name="factors" value={form.values["factors"] ?? ""} />
    <input type="hidden" name="use" value={askedIn(form.values)} />
  </>
);

/** The script of the page asks for these options. */
export const identityPage = new Hono<SignedInEnv>()
  .route("/", formPages)
  .post(OPTIONS_PATH, fromOwnPage, rateLimit("credentials"), signedIn, async (c) =>
    answer(c, await reauthenticationOptions(c.var.deps, c.var.session)),
  );
