import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** How an identity provider answers a path. */
export interface UpstreamAnswer {
  status?: number;
  /** Default: JSON. */
  headers?: Record<string, string>;
  body?: string;
  /** Never answers, or sends the header and never ends the body. */
  hangs?: "header" | "body";
}

export interface UpstreamRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

interface Upstream {
  answers: Record<string, UpstreamAnswer>;
  received: UpstreamRequest[];
}

/**
 * Starts a server on loopback, on Node, that plays identity providers, and returns its address.
 *
 * The first segment of a path names a provider. `PUT /<name>` with a table from paths to answers
 * changes it, `GET /<name>` returns the requests that it received. Any other path is a 404.
 */
export function startUpstreams(): Promise<string> {
  const upstreams = new Map<string, Upstream>();
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const [, name = "", path = ""] = /^\/([^/]+)([^?]*)/.exec(request.url ?? "") ?? [];
    const upstream = upstreams.get(name) ?? { answers: {}, received: [] };
    if (path === "") {
      if (request.method === "PUT") upstreams.set(name, { ...upstream, answers: JSON.parse(body) });
      return answer.end(JSON.stringify(upstream.received));
    }

    const { method = "", headers } = request;
    upstream.received.push({ method, path, headers: headers as Record<string, string>, body });
    const { status = 200, headers: own, body: text, hangs } = upstream.answers[path] ?? { status: 404, body: "{}" };
    if (hangs === "header") return;
    answer.writeHead(status, own ?? { "content-type": "application/json; charset=utf-8" });
    if (hangs === "body") answer.write(text ?? "{");
    else answer.end(text);
  });
  server.unref();
  return new Promise((ready) =>
    server.listen(0, "127.0.0.1", () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
}
