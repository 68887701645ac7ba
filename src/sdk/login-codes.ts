/**
 * Sign-in by a code or a link that the service sends, and codes that prove the user again.
 *
 * A cookie of the service binds the link to the browser that requested it. The client never sees
 * that cookie, so it has nothing to store.
 */
import type * as requests from "../contract/requests.ts";
import type { DeviceField } from "../contract/tokens.ts";
import type { Act, ClientResult, OtherBrowser, SignIn, SignInResult } from "./request.ts";

interface Settings {
  act: Act;
  postFromDevice: (path: string, input: DeviceField) => Promise<ClientResult>;
  signIn: SignIn;
}

const PATH = "/auth/login";

/** Creates the methods of a client for codes that are sent. */
export const createLoginCodes = ({ act, postFromDevice, signIn }: Settings) => ({
  /**
   * Requests a code to sign in. A mail also has a link. The result does not reveal whether the
   * account exists.
   */
  requestCode: (input: requests.SecretRequest) => postFromDevice(`${PATH}/request-code`, input),
  /** Signs in by the code. It has the results of `login`, and `invalid_code`. */
  loginByCode: (input: requests.CodeLogin): Promise<SignInResult> => signIn(`${PATH}/code`, input),
  /**
   * Signs in by the token of the link, in the browser that requested it. In another browser the
   * result is `other_browser` with the code, and the link stays valid.
   */
  loginByLink: (token: string): Promise<SignInResult | OtherBrowser> => signIn(`${PATH}/link`, { token }),
  /** Sends a code to a verified address of the signed-in user, as `otp` of `reauthenticate`. */
  requestReauthenticationCode: () => act({ method: "POST", path: "/users/me/reauthenticate/request-code" }),
});
