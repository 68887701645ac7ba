/** The Worker of `testWorker`: the entrypoints of the service, answered by a test issuer. */
import { RpcTarget, WorkerEntrypoint } from "cloudflare:workers";
import type { BoundTestIssuer } from "./test-binding.ts";
import { createTestIssuer, type TestIssuer } from "./test-issuer.ts";

/** Created by the first request: a Worker may not draw random numbers before. */
let created: Promise<TestIssuer> | undefined;
const issuer = () => {
  created ??= createTestIssuer();
  return created;
};

/** The methods by which a test controls its issuer. A binding exposes only prototype methods. */
class Controls extends RpcTarget implements BoundTestIssuer {
  async token(...args: Parameters<BoundTestIssuer["token"]>) {
    return (await issuer()).token(...args);
  }

  async apiKey(...args: Parameters<BoundTestIssuer["apiKey"]>) {
    return (await issuer()).apiKey(...args);
  }
  async revoke(sid: string) {
    (await issuer()).revoke(sid);
  }
  async rotate() {
    await (await issuer()).rotate();
  }
  async setReachable(isReachable: boolean) {
    (await issuer()).setReachable(isReachable);
  }
  async addUser(...args: Parameters<BoundTestIssuer["addUser"]>) {
    return (await issuer()).addUser(...args);
  }
  async signInByIdentity(id: string) {
    return (await issuer()).signInByIdentity(id);
  }
  async messages() {
    return (await issuer()).messages;
  }
}

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

/** Creates the class of an entrypoint. The compiler checks that the list of methods is complete. */
function entrypoint<Name extends "auth" | "admin">(service: Name, names: Record<keyof TestIssuer[Name], true>) {
  class Entrypoint extends WorkerEntrypoint {
    get testIssuer() {
      return new Controls();
    }
  }
  for (const name of Object.keys(names)) {
    const value = async (...args: unknown[]) => ((await issuer())[service] as unknown as Methods)[name]?.(...args);
    Object.defineProperty(Entrypoint.prototype, name, { value });
  }
  return Entrypoint;
}

export const AuthService = entrypoint("auth", {
  verify: true,
  authenticate: true,
  keys: true,
  getUser: true,
  getUsers: true,
  revokeSession: true,
  revocations: true,
  registerOptions: true,
  register: true,
  login: true,
  requestLoginCode: true,
  loginByCode: true,
  passkeyOptions: true,
  passkeyLogin: true,
  secondFactorOptions: true,
  secondFactor: true,
  enrollTotp: true,
  confirmTotp: true,
  enrollmentOptions: true,
  enrollPasskey: true,
  refresh: true,
  logout: true,
  forgotPassword: true,
  resetPassword: true,
  requestReset: true,
  verifyReset: true,
  verifyAddress: true,
  resendVerification: true,
});

export const AdminService = entrypoint("admin", {
  identifyAdministrator: true,
  listUsers: true,
  listEvents: true,
  listAllEvents: true,
  createUser: true,
  updateUser: true,
  setVerified: true,
  setRoles: true,
  disableUser: true,
  enableUser: true,
  deleteUser: true,
  endSessions: true,
  voidPassword: true,
  removeFactors: true,
  cancelFactorRemoval: true,
  listIdentities: true,
  unlinkIdentity: true,
  sendResetLink: true,
  listDeadMessages: true,
  sendDeadMessage: true,
  createClient: true,
  listClients: true,
  getClient: true,
  updateClient: true,
  rotateClientSecret: true,
  deleteClient: true,
  createApiKey: true,
  listApiKeys: true,
  revokeApiKey: true,
});

export default { fetch: () => new Response(null, { status: 404 }) };
