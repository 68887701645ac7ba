import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A scripted answer. Without one, the provider answers 200 with an id. */
export interface Scripted {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Accepts the request and never answers. */
  hangs?: true;
}

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Starts a provider of email and text messages on loopback, on Node, and returns its address.
 * `PUT /script` sets its next answers, `GET /received` returns the requests that it received.
 */
export function startProvider(): Promise<string> {
  let script: Scripted[] = [];
  let received: Received[] = [];
  const server = createServer(async (request, answer) => {
    const body = await bodyOf(request);
    if (request.url === "/script") {
      [script, received] = [JSON.parse(body), []];
      return answer.end();
    }
    if (request.url === "/received") return answer.end(JSON.stringify(received));

    received.push({ path: request.url ?? "", headers: request.headers as Record<string, string>, body });
    const { status, headers, body: text, hangs } = script.shift() ?? { status: 200, body: '{"id":"1"}' };
    if (!hangs) answer.writeHead(status, headers).end(text);
  });
  server.unref();
  return new Promise((ready) =>
    server.listen(0, "127.0.0.1", () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
