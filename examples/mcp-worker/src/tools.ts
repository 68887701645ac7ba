/** The tools of the server: notes of the user. */
import { env } from "cloudflare:workers";
import { ToolError, type Tools } from "./mcp.ts";

export const READ = "notes:read";
export const WRITE = "notes:write";

const MAX_LENGTH = 1000;

export const TOOLS: Tools = {
  list_notes: {
    description: "Lists the notes of the user, the newest first.",
    inputSchema: { type: "object", properties: {} },
    async call({ userId }) {
      const { results } = await env.DB.prepare(
        "select text from notes where user_id = ? order by created_at desc limit 100",
      )
        .bind(userId)
        .all<{ text: string }>();
      return results.map(({ text }) => `- ${text}`).join("\n") || "There are no notes.";
    },
  },
  add_note: {
    description: "Adds a note.",
    inputSchema: {
      type: "object",
      properties: { text: { type: "string", minLength: 1, maxLength: MAX_LENGTH } },
      required: ["text"],
    },
    scopes: [WRITE],
    async call({ userId }, { text }) {
      if (typeof text !== "string" || text === "" || text.length > MAX_LENGTH)
        throw new ToolError(`Give a text of at most ${MAX_LENGTH} characters.`);
      await env.DB.prepare("insert into notes (id, user_id, text, created_at) values (?, ?, ?, ?)")
        .bind(crypto.randomUUID(), userId, text, Date.now())
        .run();
      return "The note was added.";
    },
  },
};
