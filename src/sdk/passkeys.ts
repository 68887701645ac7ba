/**
 * Passkeys in the client: signs in with one, proves the user by one, and manages those of the
 * account. After each change, `passkey-reports.ts` tells the browser which are left.
 */
import type { RecoveryCodes } from "../contract/factors.ts";
import type * as requests from "../contract/requests.ts";
import type { TokenResponse } from "../contract/tokens.ts";
import type {
  AuthenticationOptionsJSON,
  AuthenticationResponseJSON,
  Passkey,
  RegistrationOptionsJSON,
} from "../contract/webauthn.ts";
import type { PasskeyPrompt } from "./passkey-prompt.ts";
import type { PasskeyReports } from "./passkey-reports.ts";
import type { Act, ClientResult, ReplaceSession, Send, SignIn, SignInResult } from "./request.ts";

export interface PasskeySignIn {
  /**
   * Offers passkeys in the field whose `autocomplete` ends in `webauthn`, instead of a dialog. The
   * call takes until the user chooses one. Another request for a passkey or a sign-in cancels it.
   */
  autofill?: boolean | undefined;
  /** Closes the dialog, or ends the offer in the field. */
  signal?: AbortSignal | undefined;
}

export interface NewPasskey extends requests.PasskeyOptions {
  /** Default: the name of the authenticator, if it is known. */
  name?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** A new passkey, and the recovery codes that the first second factor of an account comes with. */
export type AddedPasskey = { passkey: Passkey } & Partial<RecoveryCodes>;

/** A proof by a passkey, which the client asks the user for. */
export interface PasskeyProof {
  passkey?: boolean | undefined;
  /** Closes the dialog of the browser. */
  signal?: AbortSignal | undefined;
}

type Answer = TokenResponse & AddedPasskey;

interface Settings {
  prompt: PasskeyPrompt;
  passkeyReports: PasskeyReports;
  send: Send;
  signIn: SignIn;
  act: Act;
  replaceSession: ReplaceSession;
}

/** Replaces `passkey: true` in a proof by the response of the authenticator. */
export async function withCredential<Proof extends { credential?: AuthenticationResponseJSON | null | undefined }>(
  prompt: PasskeyPrompt,
  { passkey, signal, ...proof }: Proof & PasskeyProof,
  getOptions: () => Promise<ClientResult<AuthenticationOptionsJSON>>,
): Promise<ClientResult<object>> {
  if (!passkey) return { ok: true, value: proof };
  const used = await prompt.get(getOptions, signal);
  return used.ok ? { ok: true, value: { ...proof, credential: used.value } } : used;
}

/** Creates `passkeys` of a client. */
export function createPasskeys({ prompt, passkeyReports, send, act, signIn, replaceSession }: Settings) {
  const signInOptions = () => send<AuthenticationOptionsJSON>({ method: "POST", path: "/auth/passkeys/options" });
  const pathOf = (id: string) => `/users/me/passkeys/${encodeURIComponent(id)}`;

  /** Reports which passkeys are left after a change, also if the service refused a new one. */
  async function reporting<T>(change: () => Promise<ClientResult<T>>): Promise<ClientResult<T>> {
    const changed = await passkeyReports.change(change);
    // A change may still be on its way if no response arrived.
    if (changed.ok || changed.code !== "unreachable") passkeyReports.report();
    return changed;
  }

  return {
    /** Tests whether the browser has passkeys. Pages without https have none. */
    supported: () => prompt.isSupported(),
    /** Tests whether the browser offers passkeys in a field. */
    autofillSupported: () => prompt.isAutofillSupported(),

    /** Signs a user in by a passkey alone. */
    async signIn({ autofill = false, signal }: PasskeySignIn = {}): Promise<SignInResult> {
      const used = await (autofill ? prompt.getByAutofill(signInOptions, signal) : prompt.get(signInOptions, signal));
      return used.ok ? signIn("/auth/passkeys/login", { credential: used.value }) : used;
    },

    /** Creates a passkey and adds it to the account. */
    register: ({ name, password, signal }: NewPasskey = {}) =>
      reporting<AddedPasskey>(async () => {
        const path = "/users/me/passkeys";
        const created = await prompt.create(
          () => act<RegistrationOptionsJSON>({ method: "POST", path: `${path}/options`, body: { password } }),
          signal,
        );
        if (!created.ok) return created;
        const body = { credential: created.value, name };
        return replaceSession("POST", path, body, ({ passkey, recovery_codes }: Answer) => ({
          passkey,
          ...(recovery_codes && { recovery_codes }),
        }));
      }),

    /** Lists the passkeys of the account. */
    list: passkeyReports.list,
    rename: (id: string, name: string) =>
      reporting(() => act<Passkey>({ method: "PATCH", path: pathOf(id), body: { name } })),
    remove: (id: string, input: requests.RemovePasskey = {}): Promise<ClientResult> =>
      reporting(() => replaceSession("DELETE", pathOf(id), input)),
  };
}
