/**
 * The accounts of a test issuer: every method of the service bindings, in memory.
 *
 * It answers as the service does in the cases that code has to handle: a taken address, a wrong
 * password, a used code, an account that does not exist. It checks no formats, has no limits and
 * records no events.
 */
import type { AdminService } from "../contract/admin-service.ts";
import type { AuthService } from "../contract/auth-service.ts";
import type { AccountName, Identifiers } from "../contract/identifiers.ts";
import type { Account } from "../contract/user.ts";
import type { ErrorCode } from "../errors.ts";
import { err, ok, type Result } from "../result.ts";
import { createTestClients } from "./test-clients.ts";
import { createTestIdentities } from "./test-identities.ts";
import { createTestSessions, type Issuer, passkeyOptions, type Stored, toAccount } from "./test-sessions.ts";

/** A link's token or a code that the service would have sent. */
export interface TestMessage {
  to: string;
  kind: "reset-link" | "reset-code" | "login-code" | "verification";
  /** What to pass as `token` or `otp`. Each works once. */
  secret: string;
}

export interface NewTestUser extends Partial<Account> {
  password?: string;
  /** The code of the user's authenticator app. Other than a real one, it works every time. */
  second_factor?: string;
  /** The id of the user's passkey. Whatever its signature is, it signs the user in. */
  passkey?: string;
  /** The id of an identity provider. The user's account there is linked. */
  identity?: string;
}

type Accounts = Omit<AuthService, "verify" | "authenticate" | "keys">;

const NAMES = ["email", "phone", "username"] as const;

export function createTestAccounts(issuer: Issuer) {
  const { now, read, ended } = issuer;
  const users = new Map<string, Stored>();
  const sessions = createTestSessions(issuer);
  const identities = createTestIdentities(users, sessions);
  const messages: TestMessage[] = [];

  const at = () => new Date(now()).toISOString();
  const find = (name: AccountName) => {
    const [value] = NAMES.concat("identifier" as never).flatMap((key) => (name as Record<string, string>)[key] ?? []);
    return [...users.values()].find((user) => NAMES.some((key) => same(user[key], value)));
  };

  function add({ password, second_factor, passkey, identity, ...fields }: NewTestUser): Account {
    const absent = { first_name: null, last_name: null, contact: null, short_description: null, locale: null };
    const identifiers = { email: null, phone: null, username: null };
    const state = { email_verified: false, phone_verified: false, roles: [], disabled_at: null };
    const times = { created_at: at(), updated_at: at() };
    const user: Stored = {
      id: crypto.randomUUID(),
      ...absent,
      ...identifiers,
      ...state,
      ...times,
      ...fields,
      password,
      second_factor,
      passkey,
      identity,
    };
    users.set(user.id, user);
    return toAccount(user);
  }

  function create(input: Identifiers & NewTestUser): Result<Account> {
    if (!input.email && !input.phone) {
      return err("invalid_request", [{ path: "email", code: "missing_address", message: "Required." }]);
    }
    for (const name of NAMES) {
      const isTaken = [...users.values()].some((user) => same(user[name], input[name]));
      if (isTaken) return err(`${name}_taken`, [{ path: name, code: "taken", message: "Taken." }]);
    }
    return ok(add(input));
  }

  function send(kind: TestMessage["kind"], user: Stored | undefined): Result {
    const to = user?.email ?? user?.phone;
    const secret = kind === "reset-link" ? crypto.randomUUID() : `${messages.length + 100_000}`;
    if (to) messages.unshift({ to, kind, secret });
    return ok();
  }

  /** Takes a message out, so that its secret works once. */
  function take(kind: TestMessage["kind"], secret: string, user?: Stored): Stored | undefined {
    const isMeant = (item: TestMessage) => item.kind === kind && item.secret === secret;
    const index = messages.findIndex((item) => isMeant(item) && (!user || [user.email, user.phone].includes(item.to)));
    const [message] = index < 0 ? [] : messages.splice(index, 1);
    return message && find({ identifier: message.to });
  }

  function reset(user: Stored | undefined, password: string, code: ErrorCode): Result<{ device_token: string }> {
    if (!user) return err(code);
    user.password = password;
    sessions.end(user.id);
    return ok({ device_token: crypto.randomUUID() });
  }

  /** Changes an account, or answers `not_found`. */
  async function change(id: string, act: (user: Stored) => unknown): Promise<Result> {
    const user = users.get(id);
    if (!user) return err("not_found");
    act(user);
    user.updated_at = at();
    return ok();
  }

  async function get(id: string): Promise<Result<Account>> {
    const user = users.get(id);
    return user ? ok(toAccount(user)) : err("not_found");
  }

  const prove = (user: Stored) => Object.assign(user, user.email ? { email_verified: true } : { phone_verified: true });

  const auth: Accounts = {
    getUser: get,
    getUsers: async (ids) => ok(ids.flatMap((id) => users.get(id) ?? []).map(toAccount)),
    async revokeSession(sid) {
      ended.add(sid);
      return ok();
    },
    revocations: sessions.revocations,
    // Accounts of the test kit have no passkeys.
    registerOptions: async () => err("not_found"),
    async register(input) {
      const { confirm_password: _, turnstile_token: __, credential, passkey_name: ___, ...fields } = input;
      if (credential) return err("invalid_passkey");
      const created = create(fields as NewTestUser);
      if (created.ok) send("verification", users.get(created.value.id));
      return created;
    },
    async login(input) {
      const user = find(input);
      if (!user || user.password !== input.password) return err("invalid_credentials");
      return sessions.openAfter(user, "pwd");
    },
    requestLoginCode: async (input) => send("login-code", find(input)),
    async loginByCode(input) {
      const user = find(input);
      if (!user || !take("login-code", input.otp, user)) return err("invalid_code");
      prove(user);
      return sessions.openAfter(user, user.email ? "otp" : "sms");
    },
    passkeyOptions: async () => ok(passkeyOptions([])),
    async passkeyLogin({ credential }) {
      const user = [...users.values()].find(({ passkey }) => passkey === credential.id);
      if (!user) return err("invalid_credentials");
      if (user.disabled_at) return err("account_disabled");
      return ok(await sessions.open(user, ["swk", "user", "mfa"]));
    },
    async secondFactorOptions({ login_token }) {
      const user = sessions.suspended(login_token)?.user;
      return user ? ok(passkeyOptions(user.passkey ? [user.passkey] : [])) : err("invalid_login_token");
    },
    async secondFactor({ login_token, code, credential }) {
      const { user, method = "" } = sessions.suspended(login_token) ?? {};
      if (!user || !users.has(user.id)) return err("invalid_login_token");
      if (user.disabled_at) return err("account_disabled");
      const [given, own] = credential ? [credential.id, user.passkey] : [code, user.second_factor];
      if (own === undefined || given !== own) return err("invalid_code");
      const amr = new Set([method, ...(credential ? ["swk", "user"] : ["otp"]), "mfa"]);
      return ok(await sessions.open(user, [...amr]));
    },
    enrollTotp: async () => err("invalid_login_token"),
    confirmTotp: async () => err("invalid_login_token"),
    enrollmentOptions: async () => err("invalid_login_token"),
    enrollPasskey: async () => err("invalid_login_token"),
    async refresh({ refresh_token }) {
      const tokens = await sessions.refresh(refresh_token);
      return tokens ? ok(tokens) : err("invalid_refresh_token");
    },
    async logout({ refresh_token, access_token, scope }) {
      const sid = sessions.find(refresh_token) ?? (await read(access_token ?? undefined))?.sid;
      if (sid === undefined) return err("unauthenticated");
      if ((scope ?? "local") === "local") ended.add(sid);
      else sessions.end(sessions.userOf(sid) ?? "", (other) => scope === "global" || other !== sid);
      return ok();
    },
    forgotPassword: async (input) => send("reset-link", find(input)),
    requestReset: async (input) => send("reset-code", find(input)),
    resendVerification: async (input) => send("verification", find(input)),
    resetPassword: async ({ token, new_password }) => reset(take("reset-link", token), new_password, "invalid_token"),
    async verifyReset(input) {
      const user = find(input);
      return reset(user && take("reset-code", input.otp, user), input.new_password, "invalid_code");
    },
    async verifyAddress(input) {
      const user = find(input);
      if (!user || !take("verification", input.otp, user)) return err("invalid_code");
      prove(user);
      return ok();
    },
  };

  const admin: Omit<AdminService, "createApiKey" | "listApiKeys" | "revokeApiKey"> = {
    ...createTestClients(),
    identifyAdministrator: async () => err("unauthenticated"),
    async listUsers(page) {
      const { query, limit } = page ?? {};
      const isMeant = (user: Stored) =>
        [user.id, ...NAMES.map((key) => user[key])].some((key) => key?.startsWith(query ?? ""));
      return ok({
        users: [...users.values()]
          .filter(isMeant)
          .slice(0, limit ?? 50)
          .map(toAccount),
        next_cursor: null,
      });
    },
    listEvents: async () => ok({ events: [], next_cursor: null }),
    listAllEvents: async (query) => ok({ events: [], next: query?.since ?? "0", more: false }),
    createUser: async (input) => create(input as NewTestUser),
    async updateUser(id, fields) {
      const changed = await change(id, (user) => Object.assign(user, fields));
      return changed.ok ? get(id) : changed;
    },
    setVerified: (id, address, verified) =>
      change(id, (user) =>
        Object.assign(user, { [`${user.phone === address ? "phone" : "email"}_verified`]: verified }),
      ),
    setRoles: (id, roles) => change(id, (user) => Object.assign(user, { roles })),
    disableUser: (id) => change(id, (user) => sessions.end(Object.assign(user, { disabled_at: at() }).id)),
    enableUser: (id) => change(id, (user) => Object.assign(user, { disabled_at: null })),
    deleteUser: (id) => change(id, () => [sessions.end(id), users.delete(id)]),
    endSessions: (id) => change(id, () => sessions.end(id)),
    voidPassword: (id) => change(id, (user) => [sessions.end(id), delete user.password]),
    // Second factors of the test kit cannot be lost.
    removeFactors: async () => err("not_found"),
    cancelFactorRemoval: async () => err("not_found"),
    listIdentities: identities.list,
    unlinkIdentity: identities.unlink,
    sendResetLink: (id) => change(id, (user) => send("reset-link", user)),
    // Every message of the test kit arrives.
    listDeadMessages: async () => ok({ dead_messages: [], next_cursor: null }),
    sendDeadMessage: async () => err("not_found"),
  };

  return { auth, admin, add, signInByIdentity: identities.signIn, messages };
}

const same = (a: string | null | undefined, b: string | null | undefined) =>
  a !== null && a !== undefined && a.toLowerCase() === b?.toLowerCase();
