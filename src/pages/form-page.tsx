/**
 * Pages with one form: GET shows it, POST parses it, acts, and redirects.
 *
 * Invalid input and a failed act show the form again, with the error and everything that was typed
 * except passwords. `formPage` is for everyone, `accountFormPage` for the signed-in user. A page
 * that acts without a form of fields, such as a button in a list, mounts its own handlers.
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Child } from "hono/jsx";
import type * as z from "zod/mini";
import { maxProofSeconds } from "../crypto/tokens.ts";
import type { AppEnv } from "../http/app-env.ts";
import { type RateLimitName, rateLimit } from "../http/rate-limit.ts";
import type { PageMessages } from "../locales/locales.ts";
import type { Err } from "../result.ts";
import type { CaptchaAction } from "../schemas/captcha.ts";
import { accountName } from "./account-name.ts";
import { showAccountPage } from "./account-page.tsx";
import { captchaOf } from "./captcha.tsx";
import type { FormState, FormValues } from "./fields.tsx";
import { fromOwnPage, readSubmitted } from "./form.ts";
import { Form, Refusal, type Refusals } from "./form-parts.tsx";
import { showPage, translations } from "./page.tsx";
import { actOnce } from "./repeats.ts";
import { pageBefore } from "./return-to.ts";
import { actionOf, asksForPassword, askToConfirmIdentity, askToSignIn, type SignedInEnv, signedIn } from "./session.ts";
import { isUnsent, takeUnsent } from "./unsent-form.ts";

interface FormPage<E extends AppEnv, Schema extends z.ZodMiniType> {
  title: (t: PageMessages, values: FormValues, c: Context<E>) => string;
  /** Returns the values of the unsent form, or a response to send in its place. Default: empty. */
  open?: (c: Context<E>) => FormValues | Response | Promise<FormValues | Response>;
  /** Everything below the title: the form, and what stands around it. */
  content: (form: FormState, c: Context<E>) => Child | Promise<Child>;
  /** The fields, which may depend on the session. */
  schema: Schema | ((c: Context<E>) => Schema);
  /** How the schema sees a field left empty: absent by default, or `null`. */
  empty?: null;
  /** The captcha of the form, by what `act` requires. Default: none. */
  captcha?: (form: FormState) => CaptchaAction | undefined;
  /** Rate limits of the POST. */
  rateLimits?: RateLimitName[];
  /**
   * Handles valid input. Returns where it leads, or the error to show above the form. `values` are
   * the fields as they were sent.
   */
  act: (c: Context<E>, input: z.output<Schema>, values: FormValues) => Promise<Response | Err>;
  /** Renders the page. Default: in a card. */
  show?: (
    c: Context<E>,
    page: { title: string; children: Child; failure?: Err | undefined; formTarget?: string | undefined },
  ) => ReturnType<typeof showPage>;
  /** Origin, besides our own, that `act` may redirect to. */
  formTarget?: (c: Context<E>, values: FormValues) => string | undefined;
}

/** Renders a form page with these values, as refused for this reason. */
type ShowForm = (c: Context<SignedInEnv>, values: FormValues, failure?: Err) => Promise<Response>;

/** The form pages by path, for the gallery. Empty in a deployed Worker. */
export const shownForms = new Map<string, ShowForm>();

/** Mounts a form page that needs no session. */
export function formPage<Schema extends z.ZodMiniType>(path: string, page: FormPage<AppEnv, Schema>) {
  if (process.env["NODE_ENV"] === "development")
    shownForms.set(path, (c, values, failure) => showForm(c as unknown as Context<AppEnv>, page, values, failure));
  return new Hono<AppEnv>()
    .get(path, (c) => openPage(c, page))
    .on("POST", [path], fromOwnPage, ...limitsOf(page), (c) => submitPage(c, page));
}

interface AccountFormPage<Schema extends z.ZodMiniType> extends Omit<FormPage<SignedInEnv, Schema>, "content"> {
  /** The fields of the form. `null`: there is no form, only what stands `below` it. */
  fields: (form: FormState, c: Context<SignedInEnv>) => Child | Promise<Child>;
  /** What stands below the form, such as another one. */
  below?: (form: FormState, c: Context<SignedInEnv>) => Child;
  /** The act needs a recent sign-in, unless the form has the password. */
  proof?: boolean;
  /** Where the form is sent. Default: to its own page. */
  action?: string;
  /** Text of the button. */
  submit: (t: PageMessages, c: Context<SignedInEnv>) => string;
  /** Shows the button as one that destroys something. */
  danger?: boolean;
  /** Texts for errors that mean something else on this page. */
  refusals?: (form: FormState) => Refusals;
  /** Where the link beside the button leads. Default: to the page that leads to this one. */
  back?: (form: FormState, c: Context<SignedInEnv>) => string;
  /** Text of that link. Default: "Cancel". */
  cancel?: (t: PageMessages) => string;
  /** Links to other ways, below. */
  links?: (form: FormState, c: Context<SignedInEnv>) => Child;
  /** More buttons and links of the form, below these two. */
  more?: (form: FormState, c: Context<SignedInEnv>) => Child;
}

/** Mounts a form page of the signed-in user's account: the navigation, and a form with `fields`. */
export function accountFormPage<Schema extends z.ZodMiniType>(path: string, account: AccountFormPage<Schema>) {
  const page: FormPage<SignedInEnv, Schema> = {
    ...account,
    async open(c) {
      if (account.proof && needsStepUp(c)) return askToConfirmIdentity(c);
      const opened = (await account.open?.(c)) ?? {};
      return opened instanceof Response || !isUnsent(c)
        ? opened
        : { ...opened, ...takeUnsent(c, c.var.session.userId) };
    },
    async content(form, c) {
      const { session } = c.var;
      const owned = { account: accountName(c, session.userId), withoutPassword: !asksForPassword(session) };
      const fields = await account.fields({ ...form, ...owned }, c);
      const refusals = account.refusals?.(form);
      const back = account.back?.(form, c) ?? pageBefore(path);
      const cancel = account.cancel?.(form.t) ?? form.t.account.acts.cancel;
      const links = account.links?.(form, c);
      return (
        <section class="card">
          {fields === null ? (
            <Refusal {...form} signedIn refusals={refusals} />
          ) : (
            <Form
              {...form}
              action={actionOf(c, account.action ?? path)}
              submit={account.submit(form.t, c)}
              danger={account.danger}
              signedIn
              refusals={refusals}
              footer={
                <>
                  <a class="button secondary" href={back}>
                    {cancel}
                  </a>
                  {account.more?.(form, c)}
                </>
              }
            >
              {fields}
            </Form>
          )}
          {account.below?.(form, c)}
          {(links || fields === null) && (
            <p class="links">
              {links}
              {fields === null && <a href={back}>{cancel}</a>}
            </p>
          )}
        </section>
      );
    },
    async act(c, input, values) {
      const done = await account.act(c, input, values);
      // The proof became too old while the form was open.
      const isLate = !(done instanceof Response) && done.code === "reauthentication_required" && needsStepUp(c);
      return isLate ? askToConfirmIdentity(c, { id: values["id"] ?? undefined }) : done;
    },
    show: showAccountPage,
  };
  if (process.env["NODE_ENV"] === "development")
    shownForms.set(path, (c, values, failure) => showForm(c, page, values, failure));
  return new Hono<SignedInEnv>()
    .get(path, signedIn, (c) => openPage(c, page))
    .on("POST", [path], fromOwnPage, ...limitsOf(page), signedIn, (c) => submitPage(c, page));
}

/** Tests whether a user without a password has to confirm the identity first. */
const needsStepUp = ({ var: { deps, session } }: Context<SignedInEnv>): boolean =>
  !asksForPassword(session) && deps.now() / 1000 - session.authenticatedAt > maxProofSeconds(deps.config);

const limitsOf = ({ rateLimits = [] }: { rateLimits?: RateLimitName[] }): MiddlewareHandler[] =>
  rateLimits.map(rateLimit);

async function openPage<E extends AppEnv, Schema extends z.ZodMiniType>(c: Context<E>, page: FormPage<E, Schema>) {
  const opened = (await page.open?.(c)) ?? {};
  return opened instanceof Response ? opened : showForm(c, page, opened);
}

async function submitPage<E extends AppEnv, Schema extends z.ZodMiniType>(c: Context<E>, page: FormPage<E, Schema>) {
  const schema = typeof page.schema === "function" ? page.schema(c) : page.schema;
  const { values, parsed } = await readSubmitted(c, schema, page.empty);
  const done = parsed.ok ? await actOnce(c, values, () => page.act(c, parsed.value, values)) : parsed;
  if (done instanceof Response) return done;
  if (done.acr) return askToConfirmIdentity(c, { id: values["id"] ?? undefined });
  // The session ended after the form was shown.
  return done.code === "unauthenticated" ? askToSignIn(c) : showForm(c, page, values, done);
}

async function showForm<E extends AppEnv, Schema extends z.ZodMiniType>(
  c: Context<E>,
  page: FormPage<E, Schema>,
  values: FormValues,
  failure?: Err,
) {
  const state = { t: await translations(c), values, failure };
  const action = page.captcha?.(state);
  const form: FormState = { ...state, captcha: action && captchaOf(c, action) };
  const shown = {
    title: page.title(form.t, values, c),
    failure,
    children: await page.content(form, c),
    formTarget: page.formTarget?.(c, values),
  };
  return page.show ? page.show(c, shown) : showPage(c, { ...shown, hasCaptcha: form.captcha !== undefined });
}
