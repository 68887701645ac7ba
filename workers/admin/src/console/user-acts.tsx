/** The acts of an administrator on a user. Each act is a row: `AdminService` does the work. */
import { Hono } from "hono";
import type { ActBy, AdminService } from "../../../../src/contract/admin-service.ts";
import type { Account, AccountChange } from "../../../../src/contract/user.ts";
import { fill } from "../../../../src/locales/fill.ts";
import { Field as PageField, TextArea } from "../../../../src/pages/fields.tsx";
import { Act } from "../../../../src/pages/rows.tsx";
import { err, ok, type Result } from "../../../../src/result.ts";
import type { ConsoleMessages } from "../locales/en.ts";
import type { Words } from "../locales/locales.ts";
import { type ActForm, answerActForm, withNotice } from "./act-form.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { Field, type FormState } from "./fields.tsx";
import { failurePage } from "./layout.tsx";
import { nameOf } from "./names.ts";
import { isBadQuery, pathOfUser } from "./users-page.tsx";

export type UserActName = keyof ConsoleMessages["acts"];

/** The subject of an act besides the user, in the query of its form. */
export type About = Partial<Record<"address" | "identity" | "key" | "name", string>>;

interface Call {
  service: AdminService;
  id: string;
  about: About;
  typed: Record<string, string>;
  by: ActBy;
}

interface UserAct {
  danger?: true;
  fields?: ActForm["fields"];
  /** The values of the fields at first. */
  values?: (user: Account) => ActForm["values"];
  perform(call: Call): Promise<Result<unknown>>;
}

/** The fields of the forms that create and edit a user. */
export const UserFields = ({ form }: { form: FormState }) => (
  <>
    {(["first_name", "last_name", "email", "phone", "username"] as const).map((name) => (
      <PageField form={form} name={name} autocomplete="off" maxlength={254} hint="" />
    ))}
    <TextArea form={form} name="short_description" maxlength={500} />
  </>
);

const EDITED = ["email", "phone", "username", "first_name", "last_name", "short_description"] as const;

const ACTS: Record<UserActName, UserAct> = {
  edit: {
    fields: (form) => <UserFields form={form} />,
    values: (user) => Object.fromEntries(EDITED.map((name) => [name, user[name]])),
    perform: ({ service, id, typed, by }) => service.updateUser(id, changeIn(typed), by),
  },
  roles: {
    fields: (form) => <Field form={form} name="roles" />,
    values: ({ roles }) => ({ roles: roles.join(" ") }),
    perform: ({ service, id, typed, by }) => service.setRoles(id, typed["roles"]?.match(/[^\s,]+/g) ?? [], by),
  },
  verify: { perform: ({ service, id, about, by }) => service.setVerified(id, about.address ?? "", true, by) },
  unverify: { perform: ({ service, id, about, by }) => service.setVerified(id, about.address ?? "", false, by) },
  "reset-link": { perform: ({ service, id, by }) => service.sendResetLink(id, by) },
  "void-password": { danger: true, perform: ({ service, id, by }) => service.voidPassword(id, by) },
  "remove-factors": { danger: true, perform: ({ service, id, by }) => service.removeFactors(id, by) },
  "keep-factors": { perform: ({ service, id, by }) => service.cancelFactorRemoval(id, by) },
  "end-sessions": { danger: true, perform: ({ service, id, by }) => service.endSessions(id, by) },
  unlink: {
    danger: true,
    perform: ({ service, id, about, by }) => service.unlinkIdentity(id, about.identity ?? "", by),
  },
  "revoke-key": { danger: true, perform: ({ service, about, by }) => service.revokeApiKey(about.key ?? "", by) },
  disable: { danger: true, perform: ({ service, id, by }) => service.disableUser(id, by) },
  enable: { perform: ({ service, id, by }) => service.enableUser(id, by) },
  delete: { danger: true, perform: ({ service, id, by }) => service.deleteUser(id, by) },
};

/** Only the fields of the form: an empty one clears the value. */
export const changeIn = (typed: Record<string, string>): AccountChange =>
  Object.fromEntries(EDITED.filter((name) => name in typed).map((name) => [name, typed[name]?.trim() || null]));

/** Finds a user by the full id. Errors: `not_found`. */
export async function findUser(service: AdminService, id: string): Promise<Result<Account>> {
  const list = await service.listUsers({ query: id });
  const user = list.ok ? list.value.users.find((listed) => listed.id === id) : undefined;
  if (user) return ok(user);
  return list.ok || isBadQuery(list) ? err("not_found") : list;
}

export const userActs = new Hono<ConsoleEnv>()
  .on(["GET", "POST"], "/users/create", (c) => {
    const { create, creating } = c.var.t.admin.users;
    return answerActForm(c, {
      title: create,
      lead: creating,
      submit: create,
      back: "/admin/users",
      fields: (form) => <UserFields form={form} />,
      act: (typed, by) => c.env.ADMIN.createUser(changeIn(typed), by),
      done: ({ id }) => c.redirect(withNotice(pathOfUser(id), "create"), 303),
    });
  })
  .on(["GET", "POST"], "/users/:id/:act", async (c) => {
    const { id, act: name } = c.req.param();
    if (!isAct(name)) return failurePage(c, err("not_found"));
    const service = c.env.ADMIN;
    const user = await findUser(service, id);
    if (!user.ok) return failurePage(c, user);
    const about: About = c.req.query();
    const { title, lead, act: submit } = c.var.t.admin.acts[name];
    const { danger, fields, values, perform } = ACTS[name];
    return answerActForm(c, {
      title: fill(title, { name: about.name ?? about.address ?? nameOf(user.value) }),
      lead,
      submit: fields ? c.var.t.admin.save : submit,
      danger,
      back: pathOfUser(id),
      values: values?.(user.value) ?? {},
      fields,
      act: (typed, by) => perform({ service, id, about, typed, by }),
      done: withNotice(name === "delete" ? "/admin/users" : pathOfUser(id), name),
    });
  });

const isAct = (name: string): name is UserActName => Object.hasOwn(ACTS, name);

interface UserActLinkProps {
  t: Words;
  user: Account;
  act: UserActName;
  about?: About;
}

/** The button that leads to the form of an act. */
export function UserActLink({ t, user, act: name, about = {} }: UserActLinkProps) {
  const { act } = t.admin.acts[name];
  const query = new URLSearchParams(about);
  return (
    <Act
      href={`${pathOfUser(user.id)}/${name}${query.size > 0 ? `?${query}` : ""}`}
      label={fill(t.common.labeled, { label: act, value: about.name ?? about.address ?? nameOf(user) })}
      text={act}
      danger={name === "disable" || name === "delete"}
    />
  );
}
