import * as z from "zod/mini";
import type * as contract from "../../contract/session.ts";
import { SESSION } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Device, usedDeviceFields } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";

const SessionClient = z.object({
  id: z.string(),
  name: z.string(),
} satisfies ResponseFields<contract.SessionClient>);

/** A session as its user sees it. */
const Session = z.object({
  ...usedDeviceFields,
  current: z.boolean(),
  client: z.nullable(SessionClient),
} satisfies ResponseFields<contract.Session>);

const SessionList = z.object({ sessions: z.array(Session) } satisfies ResponseFields<contract.SessionList>);

export const schemas: Schemas = { SessionList, Session, SessionClient, Device };

export const operations: Operations = {
  "GET /users/me/sessions": {
    id: "listSessions",
    tag: "Sessions",
    summary: "List the sessions of the user",
    description:
      "A session is one sign-in, in a browser or in an app of the operator. The list shows the device and address of its last use. `GET /users/me/grants` lists the other apps.",
    bearer: true,
    answer: {
      status: 200,
      description: "The active sessions, last used first, of browsers at most 20.",
      schema: SessionList,
      example: { sessions: [SESSION] },
    },
  },
  "DELETE /users/me/sessions/{id}": {
    id: "endSession",
    tag: "Sessions",
    summary: "End a session of the user",
    description:
      "Its refresh token becomes invalid immediately, its access tokens within about a minute. It may be the session of the request itself.",
    bearer: true,
    params: { id: { description: "The `id` of a session in the list.", example: SESSION.id } },
    answer: { status: 204, description: "The session has ended." },
    errors: ["not_found"],
  },
};
