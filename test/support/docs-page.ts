import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Page } from "playwright-core";

/** The code block of docs/sdk.md with this text. */
const snippet = (content: string) =>
  [...readFileSync("docs/sdk.md", "utf8").matchAll(/^```\w+\n(.*?)^```$/gms)].find(([text]) =>
    text.includes(content),
  )?.[1] ?? "";

/**
 * Reports signals and the errors of requests for a passkey. With a query, the page has no autofill.
 */
const OBSERVED = `
  PublicKeyCredential.signalAllAcceptedCredentials = async (accepted) => signaled(accepted);
  if (location.search) PublicKeyCredential.isConditionalMediationAvailable = undefined;
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (options) => get(options).catch((error) => failed(error.name).then(() => { throw error; }));
`;

/**
 * Serves the page of docs/sdk.md at an address of the service, with the client that a clone builds.
 * Returns what its browser did.
 */
export async function serveDocsPage(page: Page, clone: string, address: string) {
  execFileSync("npm", ["run", "--silent", "build:sdk"], { cwd: clone });
  const { origin } = new URL(address);
  const { outputFiles } = buildSync({
    stdin: { contents: snippet("// page.ts").replace("https://auth.example.com", origin), loader: "ts" },
    alias: { "gatehouse-auth/client": join(clone, "dist/sdk/client.js") },
    bundle: true,
    format: "esm",
    write: false,
  });
  const html = { body: snippet('src="/page.js"'), contentType: "text/html" };
  await page.route(`${address}*`, (route) => route.fulfill(html));
  const script = { body: outputFiles[0]?.text ?? "", contentType: "text/javascript" };
  await page.route(`${origin}/page.js`, (route) => route.fulfill(script));

  const [signals, errors, sent]: [unknown[], string[], string[]] = [[], [], []];
  await page.exposeFunction("signaled", (accepted: unknown) => signals.push(accepted));
  await page.exposeFunction("failed", (name: string) => errors.push(name));
  await page.addInitScript(OBSERVED);
  page.on("request", (request) => sent.push(new URL(request.url()).pathname));
  return { signals, errors, signIns: () => sent.filter((path) => path === "/auth/passkeys/login").length };
}
