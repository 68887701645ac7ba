import { SESSION } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { Device } from "../../schemas/device.ts";
import { SessionClient, SessionList } from "./sessions.ts";

export const schemas: Schemas = { SessionList, Session: SessionList.shape.sessions.def.element, SessionClient, Device };

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
