import type { Operations } from "../../http/operation.ts";
import { SessionList } from "./sessions.ts";

export const operations: Operations = {
  "GET /users/me/sessions": {
    tag: "Sessions",
    summary: "List the sessions of the user",
    bearer: true,
    answer: { status: 200, description: "The active sessions, last used first, at most 20.", schema: SessionList },
  },
  "DELETE /users/me/sessions/{id}": {
    tag: "Sessions",
    summary: "End a session of the user",
    bearer: true,
    answer: { status: 204, description: "The session has ended." },
    errors: ["not_found"],
  },
};
