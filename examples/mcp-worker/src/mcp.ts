/**
 * The part of MCP (2025-11-25) that a server with tools needs: it answers one JSON-RPC message at a
 * time and keeps no session. `@modelcontextprotocol/server` has all of MCP.
 */
export interface Tool {
  description: string;
  /** JSON Schema. `call` checks the arguments itself. */
  inputSchema: { type: "object"; properties: object; required?: string[] };
  /** The scopes that the tool needs besides those of the server. */
  scopes?: string[];
  /** Returns the text for the model. Throws a `ToolError` that the model can read. */
  call(user: { userId: string }, args: Record<string, unknown>): Promise<string>;
}

export type Tools = Record<string, Tool>;

/** An error that the model may correct, such as a wrong argument. */
export class ToolError extends Error {}

const VERSIONS = ["2025-11-25", "2025-06-18"];
const SERVER = { name: "notes", version: "1.0.0" };

interface Request {
  jsonrpc: "2.0";
  /** A message without an id is a notification, which gets no answer. */
  id?: string | number;
  method: string;
  params?: Record<string, unknown>;
}

/** Returns the tool that a message calls, if it calls one. */
export function toolCalledBy(message: unknown, tools: Tools): Tool | undefined {
  const name = isRequest(message) && message.method === "tools/call" ? message.params?.["name"] : undefined;
  return typeof name === "string" && Object.hasOwn(tools, name) ? tools[name] : undefined;
}

/** Answers a message. Returns undefined if it needs no answer. */
export async function answer(message: unknown, tools: Tools, user: { userId: string }): Promise<object | undefined> {
  if (!isRequest(message)) return failure(null, -32600, "Send one JSON-RPC request.");
  const { id, method, params = {} } = message;
  if (id === undefined) return undefined;
  const success = (result: object) => ({ jsonrpc: "2.0", id, result });
  switch (method) {
    case "initialize":
      return success({
        protocolVersion: VERSIONS.find((version) => version === params["protocolVersion"]) ?? VERSIONS[0],
        capabilities: { tools: {} },
        serverInfo: SERVER,
      });
    case "ping":
      return success({});
    case "tools/list":
      return success({
        tools: Object.entries(tools).map(([name, { description, inputSchema }]) => ({
          name,
          description,
          inputSchema,
        })),
      });
    case "tools/call": {
      const tool = toolCalledBy(message, tools);
      return tool ? success(await run(tool, user, params["arguments"])) : failure(id, -32602, "There is no such tool.");
    }
    default:
      return failure(id, -32601, "There is no such method.");
  }
}

async function run(tool: Tool, user: { userId: string }, args: unknown) {
  const content = (text: string) => ({ content: [{ type: "text", text }] });
  try {
    return content(await tool.call(user, isRecord(args) ? args : {}));
  } catch (error) {
    if (error instanceof ToolError) return { ...content(error.message), isError: true };
    throw error;
  }
}

const failure = (id: string | number | null, code: number, message: string) => ({
  jsonrpc: "2.0",
  id,
  error: { code, message },
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRequest = (value: unknown): value is Request =>
  isRecord(value) &&
  value["jsonrpc"] === "2.0" &&
  typeof value["method"] === "string" &&
  ["string", "number", "undefined"].includes(typeof value["id"]) &&
  (value["params"] === undefined || isRecord(value["params"]));
