import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Miniflare } from "miniflare";

interface Options {
  /** The requests come from a proxy that says whose they are. */
  trustProxy: boolean;
}

/**
 * Returns a request listener that forwards to the Worker what Cloudflare would: the URL as the
 * client sent it, and the address of the client. Headers that Cloudflare or Miniflare would set are
 * dropped, so that nobody chooses an address or a Worker, and their paths do not exist.
 */
export const forward =
  (miniflare: Miniflare, options: Options) => async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const url = urlOf(request, options);
      if (!url || url.pathname.startsWith("/cdn-cgi/")) return void response.writeHead(url ? 404 : 400).end();
      const answer = await miniflare.dispatchFetch(url.href, {
        method: request.method ?? "GET",
        headers: headersOf(request, options),
        redirect: "manual",
        ...(hasBody(request) && { body: Readable.toWeb(request) as never, duplex: "half" as const }),
      });
      // Each cookie is a header of its own.
      const cookies = answer.headers.getSetCookie();
      response.writeHead(answer.status, {
        // Miniflare has decoded the body.
        ...Object.fromEntries([...answer.headers].filter(([name]) => name !== "mf-content-encoding")),
        ...(cookies.length > 0 && { "set-cookie": cookies }),
      });
      if (answer.body) await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
      else response.end();
    } catch {
      // The client has gone, or workerd has stopped.
      if (!response.headersSent) response.writeHead(502);
      response.end();
    }
  };

const hasBody = ({ headers }: IncomingMessage) =>
  "transfer-encoding" in headers || Number(headers["content-length"] ?? 0) > 0;

/** The last value is that of the nearest proxy. */
const forwarded = (request: IncomingMessage, name: string, { trustProxy }: Options): string | undefined =>
  trustProxy
    ? String(request.headers[name] ?? "")
        .split(",")
        .at(-1)
        ?.trim() || undefined
    : undefined;

function urlOf(request: IncomingMessage, options: Options): URL | null {
  const protocol = forwarded(request, "x-forwarded-proto", options) === "https" ? "https" : "http";
  return URL.parse(`${protocol}://${request.headers.host ?? "localhost"}${request.url}`);
}

function headersOf(request: IncomingMessage, options: Options): [string, string][] {
  const headers: [string, string][] = [];
  const { rawHeaders } = request;
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const [name = "", value = ""] = [rawHeaders[n], rawHeaders[n + 1]];
    if (!/^(cf-|mf-|connection$|keep-alive$|upgrade$|transfer-encoding$|expect$)/i.test(name))
      headers.push([name, value]);
  }
  const address = forwarded(request, "x-forwarded-for", options) ?? request.socket.remoteAddress ?? "";
  return [...headers, ["cf-connecting-ip", address.replace(/^::ffff:/, "")]];
}
