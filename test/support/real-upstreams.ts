import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OAuth2Server } from "oauth2-mock-server";
import Provider, { type ClientMetadata } from "oidc-provider";

export const CALLBACK = "http://127.0.0.1:8787/auth/social/acme/callback";
export const CLIENT = { client_id: "our-client", client_secret: "canary-secret" };

export interface RealUpstream {
  issuer: string;
  stop(): unknown;
}

/**
 * Starts `oidc-provider`, a certified OpenID provider, on loopback. Each login is an account. The
 * clients differ from `CLIENT` in these members.
 */
export async function startOidcProvider(...clients: Partial<ClientMetadata>[]): Promise<RealUpstream> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: (clients.length > 0 ? clients : [{}]).map((client) => ({
      ...CLIENT,
      redirect_uris: [CALLBACK],
      ...client,
    })),
    cookies: { keys: ["canary-cookie-key"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["given_name", "family_name", "locale"] },
    findAccount: (_, accountId) => ({
      accountId,
      claims: async () => ({
        sub: accountId,
        email: `${accountId}@example.com`,
        email_verified: true,
        given_name: "Jane",
        family_name: "Doe",
        locale: "de",
      }),
    }),
  });
  provider.use(acceptSignedSecrets);
  server.on("request", provider.callback());
  return { issuer, stop: () => server.close() };
}

/** Apple's client secret is a JWT. The provider gets the secret of the client in its place. */
const acceptSignedSecrets: Parameters<Provider["use"]>[0] = async (context, next) => {
  if (context.path === "/token") {
    const chunks: Buffer[] = [];
    for await (const chunk of context.req) chunks.push(chunk);
    const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const isSigned = body["client_secret"]?.startsWith("ey");
    Object.assign(context.req, { body: isSigned ? { ...body, client_secret: CLIENT.client_secret } : body });
  }
  return next();
};

/**
 * Starts `oauth2-mock-server`, which answers every authorization request with a code. `takesSecret`
 * lets its metadata say so; by itself, it serves public clients.
 */
export async function startMockServer({ takesSecret }: { takesSecret: boolean }) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  if (takesSecret) {
    server.service.on("beforeWellKnownOpenIdConfiguration", ({ body }) =>
      Object.assign(body, { token_endpoint_auth_methods_supported: ["client_secret_basic"] }),
    );
  }
  await server.start(0, "127.0.0.1");
  return { issuer: server.issuer.url as string, server, stop: () => server.stop() };
}

/** Signs in at the provider as its pages do without a script. Returns the URL of the callback. */
export async function signInAt(start: URL, login = "jane"): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  let form: Record<string, string> | undefined;
  for (let hops = 0; hops < 10; hops++) {
    const answer = await fetch(url, {
      method: form ? "POST" : "GET",
      ...(form && { body: new URLSearchParams(form) }),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      redirect: "manual",
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    const next = location ? new URL(location, url) : undefined;
    if (next?.href.startsWith(CALLBACK)) return next;
    const prompt = /name="prompt" value="(\w+)"/.exec(await answer.text())?.[1] ?? "";
    // The page of the interaction has a form that posts to its own address.
    form = next ? undefined : { prompt, login, password: "any" };
    url = next ?? url;
  }
  throw new Error(`no callback, but ${url.pathname}`);
}
