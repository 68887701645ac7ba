/** The forms that give the account an address, confirm it by a code, and remove it. */
import { type Context, Hono } from "hono";
import * as z from "zod";
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
import { actionOf, keepSession, type SignedInEnv } from "../../pages/session.ts";
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

/** Marks the way back to the form from a request that needs the password. */
const AGAIN = "again";

/** The fields for an address, and their tokens for autofill. */
const FIELDS = {
  email: { type: "email", maxlength: 254, schema: ChangeEmail.required({ password: true }) },
  phone: { type: "tel", maxlength: 64, schema: ChangePhone.required({ password: true }) },
} as const;

const requestPage = (kind: AddressKind) => {
  const { type, maxlength, schema } = FIELDS[kind];
  return accountFormPage(`/account/${kind}`, {
    title: (t) => t.account[kind].change,
    open: async (c) => ({ [kind]: await addressToConfirm(c, kind) }),
    fields: (form, c) => (
      <>
        <Lead form={form} c={c} kind={kind} />
        <Field
          form={form}
          name={kind}
          type={type}
          autocomplete={type}
          maxlength={maxlength}
          hint={kind === "phone" ? phoneHint(form, c) : undefined}
          required
        />
        <CurrentPasswordField form={form} name="password" />
      </>
    ),
    submit: (t) => t.account.confirmation.request,
    rateLimits: ["credentials", "messages"],
    schema: schema as z.ZodType<z.output<(typeof FIELDS)[AddressKind]["schema"]>>,
    act: (c, input) => requestCode(c, kind, "email" in input ? input.email : input.phone, input.password),
  });
};

/** Says how a number without a country code is read. */
function phoneHint({ t }: FormState, c: PageContext): string | undefined {
  const { DEFAULT_COUNTRY: region } = c.var.deps.config;
  if (!region) return undefined;
  const country = new Intl.DisplayNames(localeOf(c), { type: "region" }).of(region) ?? region;
  return fill(t.fields.phone.nationalHint, { code: callingCodeOf(region), country });
}

function Lead({ form, c, kind }: { form: FormState; c: PageContext; kind: AddressKind }) {
  const { [kind]: words, confirmation } = form.t.account;
  return c.req.query("notice") === AGAIN ? <p class="alert">{confirmation.again}</p> : <p>{words.lead}</p>;
}

/** The address that waits for its code, or the one that the account has, unless it is verified. */
async function addressToConfirm(c: PageContext, kind: AddressKind): Promise<string | null> {
  const pending = pendingAddress(c, kind, c.var.session.userId);
  if (pending) return pending.address;
  const user = await currentUser(c.var.deps, c.var.session);
  return user.ok && !user.value[`${kind}_verified`] ? user.value[kind] : null;
}

/** Requests a code to this address, and leads to the form that asks for it. */
async function requestCode(c: PageContext, kind: AddressKind, typed: string, password?: string) {
  const { deps, session } = c.var;
  const requested = await requestChange(deps, session, { kind, typed }, { password });
  if (!requested.ok) return requested;

  keepPending(c, kind, session.userId, requested.value);
  return c.redirect(`/account/${kind}/confirm${password === undefined ? "?notice=resent" : ""}`, 303);
}

const confirmation = (kind: AddressKind) => ({
  title: (t: PageMessages) => t.verification[kind === "email" ? "titleEmail" : "title"],
  action: `/account/${kind}/confirm`,
  fields(form: FormState, c: PageContext) {
    const { t } = form;
    const { resent } = t.account.confirmation;
    const { sentTo, lead } = t.verification;
    const pending = pendingAddress(c, kind, c.var.session.userId);
    return (
      <>
        {c.req.query("notice") === "resent" && <Notice>{resent}</Notice>}
        <p>{pending ? fill(sentTo, { address: maskedAddress(readableAddress(pending.address)) }) : lead}</p>
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
      const requested = await requestCode(c, kind, pending.address);
      if (requested instanceof Response || requested.code !== "reauthentication_required") return requested;
      return c.redirect(`/account/${kind}?notice=${AGAIN}`, 303);
    },
  });

const removalPage = (kind: AddressKind) =>
  accountFormPage(`/account/${kind}/remove`, {
    title: (t) => t.account[kind].remove,
    fields: (form) => (
      <>
        <p>{form.t.account[kind].removal}</p>
        <CurrentPasswordField form={form} name="password" />
      </>
    ),
    submit: (t) => t.account[kind].remove,
    danger: true,
    schema: RemoveAddress.required({ password: true }),
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
