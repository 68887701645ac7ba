/**
 * Asks the user for a passkey: gets options from the service and hands them to the browser, or to
 * what the app uses instead. It does not send the response to the service.
 *
 * A browser answers one request at a time, so a new one aborts the one before: a click on a button
 * closes the offer in a field.
 */
import type {
  AuthenticationOptionsJSON,
  AuthenticationResponseJSON,
  RegistrationOptionsJSON,
  RegistrationResponseJSON,
} from "../contract/webauthn.ts";
import { createPasskey, FRESH_SHARE, getPasskey, hasAutofill, hasPasskeys } from "./browser-credentials.ts";
import type { ClientResult, Failure } from "./request.ts";

/**
 * Creates and uses passkeys on a platform without `navigator.credentials`, or in a test. Takes and
 * returns the JSON of WebAuthn L3 §5.1. Rejects with an error whose `name` is that of the
 * browser's: `NotAllowedError` if the user cancels, `InvalidStateError` if a passkey exists.
 */
export interface PasskeyCredentials {
  create(options: RegistrationOptionsJSON, request: { signal: AbortSignal }): Promise<RegistrationResponseJSON>;
  get(options: AuthenticationOptionsJSON, request: { signal: AbortSignal }): Promise<AuthenticationResponseJSON>;
}

type GetOptions<Options> = () => Promise<ClientResult<Options>>;

interface Request {
  signal: AbortSignal | undefined;
  isAutofill?: boolean;
  /** The code of each error of the browser, by its name. */
  codes?: Record<string, Failure["code"]>;
}

/** When options expire that do not say it. */
const TIMEOUT_MILLISECONDS = 300_000;
/** Options are used at least this long, so that a field never asks the service without a pause. */
const MIN_OFFER_MILLISECONDS = 10_000;
/** A longer timer fires at once. */
const MAX_OFFER_MILLISECONDS = 2 ** 31 - 1;

/** Returns how long a field offers passkeys with the same options. */
const offerMilliseconds = ({ timeout }: Partial<AuthenticationOptionsJSON>) =>
  Math.min(Math.max((timeout || TIMEOUT_MILLISECONDS) * FRESH_SHARE, MIN_OFFER_MILLISECONDS), MAX_OFFER_MILLISECONDS);

/** `NotAllowedError` is also a timeout, and no passkey at all: browsers do not reveal which. */
const CODES: NonNullable<Request["codes"]> = {
  NotAllowedError: "canceled",
  AbortError: "canceled",
  NotSupportedError: "passkeys_unsupported",
};
/** The browser refuses a second passkey of one authenticator. */
const CREATION_CODES = { ...CODES, InvalidStateError: "passkey_exists" } as const;

const CANCELED: Failure = { ok: false, code: "canceled" };
const UNSUPPORTED: Failure = { ok: false, code: "passkeys_unsupported" };

export type PasskeyPrompt = ReturnType<typeof createPasskeyPrompt>;

/** Creates the prompt of a client. `custom` replaces the browser. */
export function createPasskeyPrompt(custom: PasskeyCredentials | undefined) {
  const credentials = custom ?? { create: createPasskey, get: getPasskey };
  let open: { controller: AbortController; isAutofill: boolean } | undefined;

  const isSupported = () => custom !== undefined || hasPasskeys();
  const isAutofillSupported = async () => custom === undefined && hasAutofill();

  /** Gets options and has `act` use them. */
  async function ask<Options, Response>(
    getOptions: GetOptions<Options>,
    act: (options: Options, controller: AbortController) => Promise<Response>,
    { signal, isAutofill = false, codes = CODES }: Request,
  ): Promise<ClientResult<Response>> {
    if (!isSupported()) return UNSUPPORTED;
    if (signal?.aborted) return CANCELED;
    open?.controller.abort();
    const controller = new AbortController();
    open = { controller, isAutofill };
    signal?.addEventListener("abort", () => controller.abort(), { signal: controller.signal });
    try {
      const options = await getOptions();
      if (controller.signal.aborted) return CANCELED;
      return options.ok ? { ok: true, value: await act(options.value, controller) } : options;
    } catch (cause) {
      const { name } = cause as Error;
      return { ok: false, code: codes[name] ?? "passkey_failed", cause };
    } finally {
      // Removes the listener above.
      controller.abort();
    }
  }

  /** Offers passkeys until the user chooses one. */
  async function offer(getOptions: GetOptions<AuthenticationOptionsJSON>, signal: AbortSignal | undefined) {
    for (;;) {
      let isExpired = false;
      const chosen = await ask(
        getOptions,
        (options, controller) => {
          const timer = setTimeout(() => {
            isExpired = true;
            controller.abort();
          }, offerMilliseconds(options));
          const request = { mediation: "conditional", signal: controller.signal } as const;
          return getPasskey(options, request).finally(() => clearTimeout(timer));
        },
        { signal, isAutofill: true },
      );
      if (chosen.ok || !isExpired) return chosen;
    }
  }

  return {
    isSupported,
    isAutofillSupported,

    /** Has the user create a passkey. */
    create: (getOptions: GetOptions<RegistrationOptionsJSON>, signal: AbortSignal | undefined) =>
      ask(getOptions, (options, request) => credentials.create(options, { signal: request.signal }), {
        signal,
        codes: CREATION_CODES,
      }),

    /** Has the user prove a passkey. */
    get: (getOptions: GetOptions<AuthenticationOptionsJSON>, signal: AbortSignal | undefined) =>
      ask(getOptions, (options, request) => credentials.get(options, { signal: request.signal }), { signal }),

    /** Does the same in a field of the page, whose `autocomplete` ends in `webauthn`. */
    getByAutofill: async (getOptions: GetOptions<AuthenticationOptionsJSON>, signal: AbortSignal | undefined) =>
      (await isAutofillSupported()) ? offer(getOptions, signal) : UNSUPPORTED,

    /** Ends the offer in a field. */
    endAutofill() {
      if (open?.isAutofill) open.controller.abort();
    },
  };
}
