import * as z from "zod/mini";
import { EVENT_TYPES } from "../../contract/events.ts";
import { NOTICE_KINDS } from "../../contract/messages.ts";
import type * as contract from "../../contract/user-export.ts";
import { SESSION, USER } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { User } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";

const id = z.string();
const text = z.nullable(z.string());
const time = z.iso.datetime();
const maybe = z.nullable(time);

const UserExport = z.object({
  user: User,
  password: z.boolean(),
  totps: z.array(z.object({ created_at: time, confirmed_at: maybe })),
  recovery_codes: z.array(z.object({ created_at: time, spent_at: maybe })),
  passkeys: z.array(
    z.object({
      id,
      name: z.string(),
      aaguid: z.string(),
      transports: z.array(z.string()),
      backed_up: z.boolean(),
      created_at: time,
      last_used_at: maybe,
    }),
  ),
  identities: z.array(
    z.object({
      id,
      provider: z.string(),
      issuer: z.string(),
      subject: z.string(),
      email: text,
      linked_at: time,
      last_used_at: maybe,
    }),
  ),
  sessions: z.array(
    z.object({
      id,
      client_id: text,
      scope: text,
      amr: z.array(z.string()),
      ip: text,
      user_agent: text,
      created_at: time,
      authenticated_at: time,
      last_used_at: time,
      expires_at: time,
      revoked_at: maybe,
    }),
  ),
  trusted_devices: z.array(
    z.object({ id, ip: text, user_agent: text, created_at: time, last_used_at: time, expires_at: time }),
  ),
  grants: z.array(
    z.object({ client_id: z.string(), resource: z.string(), scopes: z.array(z.string()), granted_at: time }),
  ),
  api_keys: z.array(
    z.object({
      id,
      name: z.string(),
      scopes: z.array(z.string()),
      created_at: time,
      expires_at: maybe,
      last_used_at: maybe,
    }),
  ),
  codes: z.array(
    z.object({ purpose: z.string(), address: z.string(), requested_at: time, expires_at: time, spent_at: maybe }),
  ),
  messages: z.array(z.object({ recipient: z.string(), country: text, network: text, created_at: time })),
  notices: z.array(
    z.object({
      kind: z.enum(NOTICE_KINDS),
      recipient: z.string(),
      locale: text,
      created_at: time,
      repeated_at: maybe,
    }),
  ),
  lockouts: z.array(
    z.object({ source: text, failures: z.int(), first_failed_at: time, last_failed_at: time, locked_until: maybe }),
  ),
  factor_removals: z.array(z.object({ requested_at: time, due_at: time })),
  events: z.array(
    z.object({
      type: z.enum(EVENT_TYPES),
      ip: text,
      user_agent: text,
      session_id: text,
      caller: text,
      reason: text,
      created_at: time,
    }),
  ),
} satisfies ResponseFields<contract.UserExport>);

export const schemas: Schemas = { UserExport };

const { id: sessionId, current, client, device, ...session } = SESSION;
const { ip, user_agent, created_at } = session;

export const operations: Operations = {
  "GET /users/me/export": {
    id: "exportUser",
    tag: "Account",
    summary: "Export everything that is stored about the user",
    description:
      "A copy for the user to read or keep, such as for a request under article 15 of the GDPR. It has no passwords, codes or keys: secrets and their digests are left out.",
    bearer: true,
    rateLimits: ["credentials"],
    answer: {
      status: 200,
      description: "The account, its factors, sessions, permissions, messages and events.",
      schema: UserExport,
      example: {
        user: USER,
        password: true,
        totps: [],
        recovery_codes: [],
        passkeys: [],
        identities: [],
        sessions: [
          {
            id: sessionId,
            client_id: null,
            scope: null,
            amr: ["pwd"],
            ...session,
            authenticated_at: created_at,
            revoked_at: null,
          },
        ],
        trusted_devices: [],
        grants: [],
        api_keys: [],
        codes: [],
        messages: [],
        notices: [],
        lockouts: [],
        factor_removals: [],
        events: [{ type: "registered", ip, user_agent, session_id: null, caller: null, reason: null, created_at }],
      },
    },
  },
};
