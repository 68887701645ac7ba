/** Sites of clients, with https and a certificate that only these tests accept. */
import { spawnSync } from "node:child_process";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

function createCertificate(): string {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "-"];
  const args = ["req", "-x509", ...key, "-out", "-", "-subj", "/CN=localhost", "-days", "2"];
  const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/**
 * Starts a site of a client. Its `/start?to=…` links to an address, and its `/callback` leads over
 * a second origin to a third one, which shows "Arrived".
 */
export async function startClientSite() {
  const pem = createCertificate();
  const ports: number[] = [];
  const servers = await Promise.all(
    [0, 1].map(async () => {
      const answer: RequestListener = (request, response) => {
        const { pathname, search, searchParams } = new URL(request.url ?? "/", "https://site");
        if (pathname === "/callback") return response.writeHead(302, { location: `${second}/in${search}` }).end();
        if (pathname === "/in") return response.writeHead(302, { location: `${third}/${search}` }).end();
        const to = searchParams.get("to")?.replaceAll("&", "&amp;");
        response.setHeader("content-type", "text/html");
        response.end(pathname === "/start" ? `<a href="${to}">Sign in with Gatehouse</a>` : "<h1>Arrived</h1>");
      };
      const server = createServer({ key: pem, cert: pem }, answer);
      await new Promise<void>((ready) => server.listen(0, ready));
      ports.push((server.address() as AddressInfo).port);
      return server;
    }),
  );
  const [first, second, third] = [
    `https://localhost:${ports[0]}`,
    `https://127.0.0.1:${ports[0]}`,
    `https://localhost:${ports[1]}`,
  ];
  const stop = () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
  return { origin: first, last: third, stop };
}
