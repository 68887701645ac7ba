import { decodeJwt } from "jose";
import { type createWorld, ISSUER, PASSWORD } from "./world.ts";

const FORM = "application/x-www-form-urlencoded";

/** A browser that keeps cookies and sends forms as the hosted pages do. */
export function createVisitor(world: ReturnType<typeof createWorld>) {
  /** The cookies of the session. */
  const cookies = new Map<string, string>();
  /** The device token outlives the sessions. */
  const device = new Map<string, string>();

  async function send(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
    const cookie = [...cookies, ...device].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { accept: "text/html", "sec-fetch-mode": "navigate", ...(cookie && { cookie }), ...init.headers };
    const answer = await world.send(path, { redirect: "manual", ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const jar = name === "__Host-device_token" ? device : cookies;
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { ...answer, location: answer.headers.get("location") };
  }

  /** The form of an account names the user to whom it was shown, by default the signed-in one. */
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = OWN) =>
    send(/^\/(account|device)/.test(path) && !path.includes("?") ? `${path}?user=${userOf(cookies)}` : path, {
      method: "POST",
      headers: { "content-type": FORM, ...headers },
      body: `${new URLSearchParams(fields)}`,
    });

  return {
    cookies,
    device,
    send,
    /** By default, as if the visitor had typed the address. */
    get: (path: string, headers: Record<string, string> = {}) =>
      send(path, { headers: { "sec-fetch-site": "none", ...headers } }),
    post,
    signIn: (identifier = "janedoe") => post("/sign-in", { identifier, password: PASSWORD }),
  };
}

const userOf = (cookies: Map<string, string>) => {
  const token = cookies.get("__Host-access_token");
  return token && decodeJwt(token).sub;
};

/** Where the first sign-in of a browser leads, to find out whether it has kept the cookies. */
export const checked = (return_to = "/account") =>
  `/sign-in?${new URLSearchParams({ notice: "no-cookies", return_to })}`;

/** The headers of a form that a page of the service sent. */
export const OWN = { origin: ISSUER, "sec-fetch-site": "same-origin" };

/** The content of a page, between the header and the footer. */
export const mainOf = (html: string): string => /<main>.*<\/main>/s.exec(html)?.[0] ?? "";

/** The headers of forms that no page of the service sends. */
export const FOREIGN_FORMS: [from: string, headers: Record<string, string>][] = [
  ["another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }],
  ["a sibling site", { origin: "https://app.test", "sec-fetch-site": "same-site" }],
  ["the address bar", { "sec-fetch-site": "none" }],
  ["another site, in an old browser", { origin: "https://evil.test" }],
  ["a frontend, in an old browser", { origin: "https://app.test" }],
  ["a sandbox, in an old browser", { origin: "null" }],
  ["a client without Origin", {}],
];
