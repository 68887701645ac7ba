import WebAuthnEmulator, { AuthenticatorEmulator, PasskeysCredentialsMemoryRepository } from "nid-webauthn-emulator";
import { vi } from "vitest";
import { ISSUER } from "./world.ts";

interface GetOptions {
  mediation?: string;
  signal?: AbortSignal;
  publicKey: object;
}

/** An error of the browser. */
export const refusal = (name: string) => () => Promise.reject(new DOMException("", name));

/**
 * The WebAuthn of a browser on a page of `origin`, with an emulated authenticator. A request in a
 * field stays open until it is aborted or `choose` is called, and only one may be open.
 */
export function plugInAuthenticator(origin = ISSUER) {
  // workerd signs with no other key without the name of a hash, which the emulator omits.
  const algorithmIdentifiers = ["EdDSA"] as const;
  const credentialsRepository = new PasskeysCredentialsMemoryRepository();
  const emulator = new WebAuthnEmulator(new AuthenticatorEmulator({ algorithmIdentifiers, credentialsRepository }));
  let choose: (() => void) | undefined;
  const get = vi.fn(({ mediation, signal, publicKey }: GetOptions): Promise<unknown> => {
    if (choose) return refusal("OperationError")();
    const use = () => emulator.get(origin, { publicKey } as Parameters<typeof emulator.get>[1]);
    if (mediation !== "conditional") return Promise.resolve().then(use);
    return new Promise((resolve, reject) => {
      choose = () => {
        choose = undefined;
        resolve(use());
      };
      signal?.addEventListener("abort", () => {
        choose = undefined;
        reject(signal.reason);
      });
    });
  });
  const create = vi.fn(
    async (options: object): Promise<unknown> =>
      emulator.create(origin, options as Parameters<typeof emulator.create>[1]),
  );
  const signaled: object[] = [];
  vi.stubGlobal("navigator", { credentials: { get, create } });
  vi.stubGlobal("PublicKeyCredential", {
    isConditionalMediationAvailable: async () => true,
    async signalAllAcceptedCredentials(accepted: Parameters<typeof emulator.signalAllAcceptedCredentials>[0]) {
      signaled.push(accepted);
      emulator.signalAllAcceptedCredentials(accepted);
    },
  });
  return {
    get,
    create,
    /** What the browser was told about passkeys that are left. */
    signaled,
    /** Whether a field offers passkeys. */
    isOffering: () => choose !== undefined,
    /** Chooses the passkey that a field offers. */
    choose: () => choose?.(),
    /** The number of passkeys that the authenticator keeps. */
    kept: () => credentialsRepository.loadCredentials().length,
  };
}
