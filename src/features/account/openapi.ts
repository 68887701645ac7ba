import type { Operation, Operations } from "../../http/operation.ts";
import { User } from "../../schemas/user.ts";

const me: Operation = {
  tag: "Account",
  summary: "The current user",
  bearer: true,
  answer: { status: 200, description: "The account that the access token is for.", schema: User },
};

export const operations: Operations = {
  "GET /users/me": me,
  "GET /auth/me": { ...me, summary: "The current user, under its other name" },
};
