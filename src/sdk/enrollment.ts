/**
 * Adds the second factor that the service requires before a session opens. The `login_token` of an
 * `enrollment_required` takes the place of a session.
 */
import type { RecoveryCodes, TotpSetup } from "../contract/factors.ts";
import type * as requests from "../contract/requests.ts";
import type { RegistrationOptionsJSON } from "../contract/webauthn.ts";
import type { PasskeyPrompt } from "./passkey-prompt.ts";
import type { PasskeyReports } from "./passkey-reports.ts";
import type { ClientResult, Send, SignIn } from "./request.ts";

export interface EnrolledPasskey extends requests.Enrollment {
  /** Default: the name of the authenticator, if it is known. */
  name?: string | undefined;
  /** Closes the dialog of the browser. */
  signal?: AbortSignal | undefined;
}

/** What `totp.confirm` takes: the code comes from the new app. */
export type ConfirmedTotp = requests.Enrollment & requests.ConfirmTotp;

interface Settings {
  prompt: PasskeyPrompt;
  passkeyReports: PasskeyReports;
  send: Send;
  signIn: SignIn;
}

const PATH = "/auth/login/enroll";

const codesOf = ({ recovery_codes }: RecoveryCodes): RecoveryCodes => ({ recovery_codes });

/** Creates `enroll` of a client. */
export const createEnrollment = ({ prompt, passkeyReports, send, signIn }: Settings) => ({
  totp: {
    /** Creates the secret of an authenticator app, to show as a QR code. */
    start: ({ login_token }: requests.Enrollment) =>
      send<TotpSetup>({ method: "POST", path: `${PATH}/totp`, body: { login_token } }),
    /** Adds the app by one of its codes, and signs the user in. Returns the recovery codes. */
    confirm: ({ login_token, code }: ConfirmedTotp): Promise<ClientResult<RecoveryCodes>> =>
      signIn(`${PATH}/totp/confirm`, { login_token, code }, codesOf),
  },

  /** Creates a passkey, adds it, and signs the user in. Returns the recovery codes. */
  async passkey({ login_token, name, signal }: EnrolledPasskey): Promise<ClientResult<RecoveryCodes>> {
    const path = `${PATH}/passkey`;
    const enrolled = await passkeyReports.change(async () => {
      const created = await prompt.create(
        () => send<RegistrationOptionsJSON>({ method: "POST", path: `${path}/options`, body: { login_token } }),
        signal,
      );
      return created.ok ? signIn(path, { login_token, credential: created.value, name }, codesOf) : created;
    });
    // Without a session, there is nothing to list.
    if (enrolled.ok) passkeyReports.report();
    return enrolled;
  },
});
