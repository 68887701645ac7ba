/** The forms that give the account an address, confirm it by a code, and remove it. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import type { AddressKind } from "../../contract/identifiers.ts";
import { fill } from "../../locales/fill.ts";
import type { PageMessages } from "../../locales/locales.ts";
import { CodeField } from "../../pages/code-field.tsx";
import { CurrentPasswordField, Field, type FormState } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { Notice } from "../../pages/form-parts.tsx";
import { maskedAddress } from "../../pages/masked.ts";
import { localeOf } from "../../pages/page.tsx";
import { forgetPending, keepPending, pendingAddress } from "../../pages/pending-address.ts";
import { readableAddress } from "../../pages/readable-address.ts";
import { ResendButton } from "../../pages/resend.tsx";
import { actionOf, asksForPassword, keepSession, type SignedInEnv } from "../../pages/session.ts";
import { err } from "../../result.ts";
import { callingCodeOf } from "../../schemas/phone.ts";
import { currentUser } from "./account.ts";
import {
  ChangeEmail,
  ChangePhone,
  ConfirmAddress,
  confirmAddress,
  RemoveAddress,
  removeOwnAddress,
  requestChange,
} from "./address.ts";

type PageContext = Context<SignedInEnv>;

const RemovalForm = z.required(RemoveAddress, { password: true });

/** Marks the way back to the form from a request that needs the password. */
const AGAIN = "again";

/** The fields for an address, their tokens for autofill, and their schemas. */
const FIELDS = {
  email: { type: "email", maxlength: 254, schema: ChangeEmail, full: z.required(ChangeEmail, { password: true }) },
  phone: { type: "tel", maxlength: 64, schema: ChangePhone, full: z.required(ChangePhone, { password: true }) },
} as const;

const requestPage = (kind: AddressKind) => {
  const { type, maxlength, schema, full } = FIELDS[kind];
  return accountFormPage(`/account/${kind}`, {
    title: (t) => t.account[kind].change,
    proof: true,
    open: async (c) => ({ [kind]: await addressToConfirm(c, kind) }),
    fields: async (form, c) => (
      <>
        <Lead form={form} c={c} kind={kind} />
        <Field
          form={form}
          name={kind}
          type={type}
          autocomplete={type}
          maxlength={maxlength}
          hint={kind === "phone" ? await phoneHint(form, c) : undefined}
          required
        />
        <CurrentPasswordField form={form} name="password" />
      </>
    ),
    submit: (t) => t.account.confirmation.request,
    rateLimits: ["credentials", "messages"],
    schema: (c) =>
      (asksForPassword(c.var.session) ? full : schema) as z.ZodMiniType<
        z.output<(typeof FIELDS)[AddressKind]["schema"]>
      >,
    act: (c, input) => requestCode(c, kind, "email" in input ? input.email : input.phone, { password: input.password }),
  });
};

/** Says how a number without a country code is read. */
async function phoneHint({ t }: FormState, c: PageContext): Promise<string | undefined> {
  const { assets, config } = c.var.deps;
  const { DEFAULT_COUNTRY: region } = config;
  const code = region && (await callingCodeOf(region, assets));
  if (!code) return undefined;
  const country = new Intl.DisplayNames(localeOf(c), { type: "region" }).of(region) ?? region;
  return fill(t.fields.phone.nationalHint, { code, country });
}

function Lead({ form, c, kind }: { form: FormState; c: PageContext; kind: AddressKind }) {
  const { [kind]: words, confirmation } = form.t.account;
  return c.req.query("notice") === AGAIN && !form.withoutPassword ? (
    <p class="alert">{confirmation.again}</p>
  ) : (
    <p>{words.lead}</p>
  );
}

/** The address that waits for its code, or the one that the account has, unless it is verified. */
async function addressToConfirm(c: PageContext, kind: AddressKind): Promise<string | null> {
  const pending = pendingAddress(c, kind, c.var.session.userId);
  if (pending) return pending.address;
  const user = await currentUser(c.var.deps, c.var.session);
  return user.ok && !user.value[`${kind}_verified`] ? user.value[kind] : null;
}

/** Requests a code to this address, and leads to the form that asks for it. */
async function requestCode(
  c: PageContext,
  kind: AddressKind,
  typed: string,
  { password, query = "" }: { password?: string | undefined; query?: string },
) {
  const { deps, session } = c.var;
  const requested = await requestChange(deps, session, { kind, typed }, { password });
  if (!requested.ok) return requested;

  keepPending(c, kind, session.userId, requested.value);
  return c.redirect(`/account/${kind}/confirm${query}`, 303);
}

const confirmation = (kind: AddressKind) => ({
  title: (t: PageMessages) => t.verification[kind === "email" ? "titleEmail" : "title"],
  action: `/account/${kind}/confirm`,
  async fields(form: FormState, c: PageContext) {
    const { t } = form;
    const { resent } = t.account.confirmation;
    const { sentTo, lead } = t.verification;
    const pending = pendingAddress(c, kind, c.var.session.userId);
    const address = pending && maskedAddress(await readableAddress(pending.address, c.var.deps.assets));
    return (
      <>
        {c.req.query("notice") === "resent" && <Notice>{resent}</Notice>}
        <p>{address ? fill(sentTo, { address }) : lead}</p>
        <CodeField form={form} autofocus />
      </>
    );
  },
  submit: (t: PageMessages) => t.verification.submit,
  /** The second button of the form, so that the enter key presses the first. */
  more({ t }: FormState, c: PageContext) {
    const { resend, resendIn, edit } = t.verification;
    const pending = pendingAddress(c, kind, c.var.session.userId);
    return (
      <p class="links">
        {pending && (
          <ResendButton
            seconds={pending.waitSeconds}
            text={resend}
            waiting={resendIn}
            action={actionOf(c, `/account/${kind}/resend`)}
          />
        )}
        <a href={`/account/${kind}`}>{edit}</a>
      </p>
    );
  },
});

const confirmationPage = (kind: AddressKind) =>
  accountFormPage(`/account/${kind}/confirm`, {
    ...confirmation(kind),
    schema: ConfirmAddress,
    rateLimits: ["credentials"],
    async act(c, input) {
      const confirmed = await confirmAddress(c.var.deps, c.var.session, kind, input);
      if (!confirmed.ok) return confirmed;
      keepSession(c, confirmed.value);
      forgetPending(c, kind);
      return c.redirect(`/account?notice=${kind}Confirmed`, 303);
    },
  });

/**
 * Requests another code. The password is not needed in a session that was authenticated recently;
 * later, the form asks for it again.
 */
const resendPage = (kind: AddressKind) =>
  accountFormPage(`/account/${kind}/resend`, {
    ...confirmation(kind),
    // A browser whose user reopens the address of a refused form sends a GET.
    open: (c) => c.redirect(`/account/${kind}/confirm${new URL(c.req.url).search}`, 303),
    // The code may have been typed.
    schema: z.object({}),
    rateLimits: ["credentials", "messages"],
    async act(c) {
      const pending = pendingAddress(c, kind, c.var.session.userId);
      if (!pending) return c.redirect(`/account/${kind}`, 303);
      // The queue would drop it without a word.
      if (pending.waitSeconds > 0) return { ...err("too_many_requests"), retryAfterSeconds: pending.waitSeconds };
      const requested = await requestCode(c, kind, pending.address, { query: "?notice=resent" });
      if (requested instanceof Response || requested.code !== "reauthentication_required") return requested;
      return c.redirect(`/account/${kind}?notice=${AGAIN}`, 303);
    },
  });

const removalPage = (kind: AddressKind) =>
  accountFormPage(`/account/${kind}/remove`, {
    title: (t) => t.account[kind].remove,
    proof: true,
    fields: (form) => (
      <>
        <p>{form.t.account[kind].removal}</p>
        <CurrentPasswordField form={form} name="password" />
      </>
    ),
    submit: (t) => t.account[kind].remove,
    danger: true,
    schema: (c) => (asksForPassword(c.var.session) ? RemovalForm : RemoveAddress),
    rateLimits: ["credentials"],
    async act(c, input) {
      const removed = await removeOwnAddress(c.var.deps, c.var.session, kind, input);
      if (!removed.ok) return removed;
      keepSession(c, removed.value);
      return c.redirect(`/account?notice=${kind}Removed`, 303);
    },
  });

export const addressPages = new Hono<SignedInEnv>();
for (const kind of ["email", "phone"] as const)
  for (const page of [requestPage, confirmationPage, resendPage, removalPage]) addressPages.route("/", page(kind));
