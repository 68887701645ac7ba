import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** The address of the service in the guide. */
const ADDRESS = "https://auth.example.com";

/** The code of a section of the guide. */
export interface Snippet {
  name: string;
  language: string;
  code: string;
}

/** Each section of docs/verify-tokens.md that has a block of code. */
export const snippets: Snippet[] = readFileSync("docs/verify-tokens.md", "utf8")
  .split(/^## /m)
  .flatMap((section) => {
    const [, language = "", code = ""] = /^```(\w+)\n(.*?)^```$/ms.exec(section) ?? [];
    return code === "" ? [] : [{ name: section.split("\n")[0] ?? "", language, code }];
  });

/** Returns which tokens the code of a snippet accepts. */
export type Verifier = (snippet: Snippet, tokens: string[]) => Promise<boolean[]> | boolean[];

const PYTHON = "/usr/bin/python3";
const GO_PATH = "/usr/share/gocode";

/** By the language of a snippet. A language that this machine lacks has no verifier. */
export const verifiers: Partial<Record<string, Verifier>> = {
  js: inNode,
  ...(["jwt", "authlib"].every((name) => existsSync(`/usr/lib/python3/dist-packages/${name}`)) && { python: inPython }),
  ...(existsSync("/usr/bin/go") && existsSync(`${GO_PATH}/src/github.com/coreos/go-oidc`) && { go: inGo }),
};

let folder: string;

/**
 * Installs the packages of the snippets, and makes the folder from which their code finds them.
 * `npm start` needs none of these packages, so that they are not in the package of the service.
 */
export function installVerifiers() {
  spawnSync(process.execPath, ["scripts/install.mjs", "docs/verify-tokens"], { stdio: "inherit" });
  const packages = "docs/verify-tokens/node_modules";
  mkdirSync(packages, { recursive: true });
  folder = mkdtempSync(join(process.cwd(), packages, ".snippets-"));
}

export const removeVerifiers = () => rmSync(folder, { recursive: true, force: true });

/** Returns the snippet with the address of a running service. */
export const against = (address: string, { code, ...snippet }: Snippet): Snippet => ({
  ...snippet,
  code: code.replaceAll(ADDRESS, address),
});

/** A module exports `verify`, or an app that protects /notes. */
interface Module {
  verify?(token: string): Promise<object>;
  app?: {
    inject?(request: { url: string; headers: object }): Promise<{ statusCode: number }>;
    listen?(port: number, ready: () => void): { address(): AddressInfo; close(): void };
    request?(path: string, init: RequestInit): Promise<Response>;
  };
}

async function inNode({ name, code }: Snippet, tokens: string[]): Promise<boolean[]> {
  const file = join(folder, `${name.replace(/\W/g, "-")}.js`);
  writeFileSync(file, code);
  const { verify, app }: Module = await import(/* @vite-ignore */ file);
  if (verify) return eachOf(tokens, (token) => verify(token).then(() => 200, onlyErrors));

  const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });
  if (app?.inject) {
    const inject = app.inject.bind(app);
    return eachOf(tokens, async (token) => (await inject({ url: "/notes", headers: headersOf(token) })).statusCode);
  }
  if (app?.listen) {
    const listen = app.listen.bind(app);
    const server = await new Promise<ReturnType<typeof listen>>((done) => {
      const listening = listen(0, () => done(listening));
    });
    const address = `http://localhost:${server.address().port}/notes`;
    const answers = eachOf(tokens, async (token) => (await fetch(address, { headers: headersOf(token) })).status);
    return answers.finally(() => server.close());
  }
  if (!app?.request) throw new Error(`The snippet ${name} exports nothing to test.`);
  const request = app.request.bind(app);
  return eachOf(tokens, async (token) => (await request("/notes", { headers: headersOf(token) })).status);
}

const onlyErrors = (error: unknown) => {
  if (error instanceof Error) return 401;
  throw error;
};

/** Tries each token. An answer that is neither 200 nor 401 is a fault of the snippet. */
async function eachOf(tokens: string[], statusOf: (token: string) => Promise<number>): Promise<boolean[]> {
  const statuses = await Promise.all(tokens.map(statusOf));
  if (statuses.some((status) => ![200, 401].includes(status))) throw new Error(`The snippet answers ${statuses}.`);
  return statuses.map((status) => status === 200);
}

const PYTHON_DRIVER = `
import sys
def accepts(token):
    try:
        return verify(token)["sub"] != ""
    except Exception:
        return False
for token in sys.argv[1:]:
    print(accepts(token))
`;

function inPython({ name, code }: Snippet, tokens: string[]): boolean[] {
  const file = join(folder, `snippet_of_${name}.py`);
  writeFileSync(file, code + PYTHON_DRIVER);
  return linesOf(PYTHON, [file, ...tokens]).map((line) => line === "True");
}

const GO_DRIVER = `package main

import (
	"context"
	"fmt"
	"os"
)

func main() {
	verifier, err := newVerifier(context.Background())
	if err != nil {
		panic(err)
	}
	for _, token := range os.Args[1:] {
		_, err := verify(context.Background(), verifier, token)
		fmt.Println(err == nil)
	}
}
`;

/** Debian has version 2 of go-oidc, which has another path and the same functions. */
function inGo({ code }: Snippet, tokens: string[]): boolean[] {
  writeFileSync(join(folder, "snippet.go"), code.replace("go-oidc/v3/oidc", "go-oidc"));
  writeFileSync(join(folder, "driver.go"), GO_DRIVER);
  const files = ["snippet.go", "driver.go"].map((file) => join(folder, file));
  return linesOf("/usr/bin/go", ["run", ...files, ...tokens]).map((line) => line === "true");
}

function linesOf(command: string, args: string[]): string[] {
  const env = { ...process.env, GO111MODULE: "off", GOPATH: GO_PATH, GOFLAGS: "", GOCACHE: join(folder, "go-build") };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split("\n");
}
