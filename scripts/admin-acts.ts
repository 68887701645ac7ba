/** The acts of `npm run admin`. Each names the words and the options that it takes. */
import type { AdminService } from "../src/contract/admin-service.ts";
import type { Account } from "../src/contract/user.ts";
import type { Result } from "../src/result.ts";
import { deadMessages, sendAgain } from "./admin-messages.ts";
import { describe, linesOf, pageOf, row, unwrap } from "./admin-values.ts";
import { confirmName } from "./confirm.ts";
import { findAccount, lineOf, nameOf } from "./find-account.ts";

/** The option of each field of an account. */
const OPTION_OF = {
  email: "email",
  phone: "phone",
  username: "username",
  first_name: "first-name",
  last_name: "last-name",
  contact: "contact",
  short_description: "short-description",
  locale: "locale",
} as const;

const FIELDS = Object.values(OPTION_OF);
const PAGE = ["limit", "cursor"] as const;
type OptionName = (typeof FIELDS)[number] | (typeof PAGE)[number] | "role" | "all";

export type ActOptions = Partial<Record<Exclude<OptionName, "role" | "all">, string>> & {
  role?: string[];
  all?: boolean;
  yes?: boolean;
};

/** What a command prints: `value` with `--json`, otherwise `text`. */
export interface Answer {
  value: object;
  text: string;
}

export interface Call {
  service: AdminService;
  words: string[];
  options: ActOptions;
}

interface Command {
  /** The fewest and the most words after the name. */
  words: [min: number, max: number];
  takes?: readonly OptionName[];
  /** It ends something for good, so it calls `agree`. */
  isConfirmed?: boolean;
  act(call: Call): Promise<Answer>;
}

type AccountAct = (call: Call & { account: Account }) => Promise<Answer>;

/** An act on the account that the first word names. */
const onAccount =
  (act: AccountAct): Command["act"] =>
  async ({ service, words: [user = "", ...words], options }) =>
    act({ service, words, options, account: await findAccount(service, user) });

/** Returns what gives a field of a call. */
function optionOf(field: string): string | undefined {
  if (field === "roles") return "ROLE";
  const option = { ...OPTION_OF, limit: "limit", cursor: "cursor" }[field];
  return option && `--${option}`;
}

const shown = (account: Account): Answer => ({ value: account, text: describe(account) });
const fieldsOf = (options: ActOptions) =>
  Object.fromEntries(
    Object.entries(OPTION_OF).flatMap(([field, option]) =>
      options[option] === undefined ? [] : [[field, options[option]]],
    ),
  );

async function find({ service, words: [query], options }: Call): Promise<Answer> {
  const value = unwrap(await service.listUsers({ ...pageOf(options), ...(query !== undefined && { query }) }), {
    optionOf,
  });
  return { value, text: linesOf(value.users.map(lineOf), value.next_cursor, "No account begins so.") };
}

async function create({ service, options }: Call): Promise<Answer> {
  const account = { ...fieldsOf(options), ...(options.role && { roles: options.role }) };
  return shown(unwrap(await service.createUser(account), { optionOf }));
}

const update: AccountAct = async ({ service, account, options }) =>
  shown(unwrap(await service.updateUser(account.id, fieldsOf(options)), { optionOf }));

const setVerified =
  (verified: boolean): AccountAct =>
  async ({ service, account, words: [address = ""] }) => {
    const notFound = `The account ${nameOf(account)} has no such address.`;
    unwrap(await service.setVerified(account.id, address, verified), { notFound });
    return { value: { id: account.id }, text: `${address} is ${verified ? "" : "not "}verified.` };
  };

const UNPROVEN =
  "Nobody has proven an address of this account: a stranger may have registered it. verify marks one as proven.";

/** A person types the name, unless `--yes` is set. */
async function agree({ yes }: ActOptions, question: string, name: string) {
  if (!yes) await confirmName(question, name);
}

/** Adds roles. Asks first if the account may belong to a stranger. */
const grant: AccountAct = async (call) => {
  const { account, options } = call;
  const isProven = account.email_verified || account.phone_verified;
  if (!isProven) await agree(options, UNPROVEN, nameOf(account));
  return setRoles(call, [...account.roles, ...call.words]);
};

const revoke: AccountAct = (call) =>
  setRoles(
    call,
    call.account.roles.filter((role) => !call.words.includes(role)),
  );

/** Changes the roles of an account, unless it has exactly these. */
async function setRoles({ service, account }: Parameters<AccountAct>[0], wanted: string[]): Promise<Answer> {
  const { id } = account;
  const roles = [...new Set(wanted)].sort();
  if (roles.join() !== account.roles.toSorted().join()) unwrap(await service.setRoles(id, roles), { optionOf });
  return { value: { id, roles }, text: `${nameOf(account)} has ${roles.join(" ") || "no roles"}.` };
}

/** Events are kept after the deletion of their account, so an id is taken as it is. */
async function events({ service, words: [user = ""], options }: Call): Promise<Answer> {
  const id = /^[\da-f-]{36}$/.test(user) ? user : (await findAccount(service, user)).id;
  const value = unwrap(await service.listEvents({ id, ...pageOf(options) }), { optionOf });
  const lines = value.events.map(({ created_at, type, caller, ip, user_agent }) =>
    row(created_at, type, caller, ip, user_agent),
  );
  return { value, text: linesOf(lines, value.next_cursor, "There are no events.") };
}

const identities: AccountAct = async ({ service, account }) => {
  const value = unwrap(await service.listIdentities(account.id));
  const lines = value.identities.map(({ id, provider, email, linked_at }) => row(id, provider, email, linked_at));
  return { value, text: linesOf(lines, null, "There are no linked accounts.") };
};

const unlink: AccountAct = async ({ service, account, words: [identityId = ""], options }) => {
  await agree(options, "This unlinks the identity and ends every session.", nameOf(account));
  const notFound = `${nameOf(account)} has no such identity. npm run admin -- identities lists them.`;
  unwrap(await service.unlinkIdentity(account.id, identityId), { notFound });
  return { value: { id: account.id }, text: "Unlinked. Every session has ended, and the user is told." };
};

const apiKeys: AccountAct = async ({ service, account }) => {
  const value = unwrap(await service.listApiKeys({ user_id: account.id }));
  const lines = value.api_keys.map(({ id, name, scopes, last_used_at }) => row(id, name, scopes, last_used_at));
  return { value, text: linesOf(lines, null, "There are no API keys.") };
};

async function revokeApiKey({ service, words: [id = ""], options }: Call): Promise<Answer> {
  await agree(options, "This revokes the API key for good.", id);
  unwrap(await service.revokeApiKey(id), { notFound: "There is no such API key." });
  return { value: { id }, text: "Revoked." };
}

/** An act that takes nothing but the account. */
interface SimpleAct {
  call(service: AdminService, id: string): Promise<Result<unknown>>;
  done: string;
  /** What `not_found` means for an account that exists. */
  notFound?: string;
  /** The question before an act that has to be confirmed. */
  question?: string;
}

const simple = ({ call, done, notFound, question }: SimpleAct): Command => ({
  words: [1, 1],
  isConfirmed: question !== undefined,
  act: onAccount(async ({ service, account, options }) => {
    const name = nameOf(account);
    if (question !== undefined) await agree(options, question, name);
    const result = await call(service, account.id);
    const value = (unwrap(result, { notFound: notFound && `${name} ${notFound}` }) ?? {}) as object;
    return {
      value: { id: account.id, ...value },
      text: [`${name}: ${done}`, describe(value)].filter(Boolean).join("\n"),
    };
  }),
});

export const COMMANDS: Record<string, Command> = {
  find: { words: [0, 1], takes: PAGE, act: find },
  show: { words: [1, 1], act: onAccount(async ({ account }) => shown(account)) },
  create: { words: [0, 0], takes: [...FIELDS, "role"], act: create },
  update: { words: [1, 1], takes: FIELDS, act: onAccount(update) },
  verify: { words: [2, 2], act: onAccount(setVerified(true)) },
  unverify: { words: [2, 2], act: onAccount(setVerified(false)) },
  grant: { words: [2, 50], act: onAccount(grant) },
  revoke: { words: [2, 50], act: onAccount(revoke) },
  reset: simple({
    call: (service, id) => service.sendResetLink(id),
    done: "A link that sets a password is on its way.",
    notFound: "can get no link: it has no email address that may get one, is disabled, or cannot use a password.",
  }),
  disable: simple({
    call: (service, id) => service.disableUser(id),
    done: "The account is disabled. Every session has ended.",
    question: "This disables the account and ends every session.",
  }),
  enable: simple({ call: (service, id) => service.enableUser(id), done: "The account is enabled." }),
  "end-sessions": simple({
    call: (service, id) => service.endSessions(id),
    done: "Every session has ended.",
    question: "This ends every session.",
  }),
  "void-password": simple({
    call: (service, id) => service.voidPassword(id),
    done: "The password, the API keys and every session are void. The user is told.",
    question: "This removes the password, revokes the API keys and ends every session.",
  }),
  "remove-factors": simple({
    call: (service, id) => service.removeFactors(id),
    done: "The second factors will be removed, unless the user cancels it.",
    notFound: "has no second factor.",
    question: "This removes every second factor after a waiting time. The password alone then signs in.",
  }),
  "keep-factors": simple({
    call: (service, id) => service.cancelFactorRemoval(id),
    done: "The second factors stay.",
    notFound: "has no second factors that wait for their removal.",
  }),
  delete: simple({
    call: (service, id) => service.deleteUser(id),
    done: "The account is deleted.",
    question: "This deletes the account for good.",
  }),
  events: { words: [1, 1], takes: PAGE, act: events },
  identities: { words: [1, 1], act: onAccount(identities) },
  unlink: { words: [2, 2], isConfirmed: true, act: onAccount(unlink) },
  "api-keys": { words: [1, 1], act: onAccount(apiKeys) },
  "revoke-api-key": { words: [1, 1], isConfirmed: true, act: revokeApiKey },
  "dead-messages": { words: [0, 0], takes: PAGE, act: deadMessages },
  "send-again": { words: [0, 50], takes: ["all"], act: sendAgain },
};
