/** The second factors of an account: what it has, and the changes of a signed-in user. */
import type { Factors, RecoveryCodes, TotpSetup } from "../contract/factors.ts";
import type * as requests from "../contract/requests.ts";
import type { TrustedDeviceList } from "../contract/session.ts";
import type { Act, ReplaceSession } from "./request.ts";

const DEVICES = "/users/me/trusted-devices";

/** Creates the methods of a client for second factors. */
export const createFactors = (act: Act, replaceSession: ReplaceSession) => ({
  /** Returns what the user can sign in with. */
  factors: () => act<Factors>({ method: "GET", path: "/users/me/factors" }),
  /** Keeps the second factors whose removal, because they are lost, has been requested. */
  cancelFactorRemoval: () => act({ method: "DELETE", path: "/users/me/factor-removal" }),
  totp: {
    /** Creates the secret of an authenticator app, to show as a QR code. */
    start: (input: requests.StartTotp = {}) => act<TotpSetup>({ method: "POST", path: "/users/me/totp", body: input }),
    /** Adds the app by one of its codes. The first second factor comes with recovery codes. */
    confirm: (code: string) =>
      replaceSession("POST", "/users/me/totp/confirm", { code }, ({ recovery_codes }: Partial<RecoveryCodes>) =>
        recovery_codes ? { recovery_codes } : {},
      ),
    remove: (input: requests.RemoveTotp = {}) => replaceSession("DELETE", "/users/me/totp", input),
  },
  recoveryCodes: {
    /** Returns new codes. The earlier ones are void. */
    create: (input: requests.CreateRecoveryCodes = {}) =>
      replaceSession("POST", "/users/me/recovery-codes", input, ({ recovery_codes }: RecoveryCodes) => ({
        recovery_codes,
      })),
  },
  trustedDevices: {
    /** Lists the devices on which the first factor alone signs in, last used first. */
    list: () => act<TrustedDeviceList>({ method: "GET", path: DEVICES }),
    /** Ends the trust in a device. Its sessions go on. */
    remove: (id: string) => act({ method: "DELETE", path: `${DEVICES}/${encodeURIComponent(id)}` }),
  },
});
