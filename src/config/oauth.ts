/** The settings of the OAuth server: the resources and the scopes of the team's own APIs. */
import * as z from "zod/mini";
import { ACCOUNT_SCOPE, STANDARD_SCOPES } from "../contract/oauth-client.ts";
import { isSecureUrl } from "./urls.ts";
import { list, parseJson } from "./values.ts";

/** A scope of an API of the team. */
export interface OwnScope {
  name: string;
  /** The text for users by language: what the scope allows. */
  description: { en: string } & Partial<Record<string, string>>;
}

const NO_RESOURCE =
  "Set the https URLs of APIs, separated by commas, such as https://notes.example.com/mcp: no query and no fragment.";

/** The APIs that access tokens can be for, as resource indicators (RFC 8707 §2). */
export const Resources = z.pipe(list, z.array(z.string().check(z.refine(isSecureUrl, NO_RESOURCE))));

const NO_HOSTS = "Set hosts such as app.example.com, separated by commas, spelled as in the client ids.";

/** Hosts and domains whose client ID metadata documents are not accepted. */
export const BlockedHosts = z.pipe(list, z.array(z.string().check(z.regex(/^[a-z\d-]+(\.[a-z\d-]+)*$/, NO_HOSTS))));

interface OwnNames {
  ISSUER: string;
  ACCESS_TOKEN_AUDIENCE?: string | undefined;
}

/** Tests for a resource that is the service itself, or one of its OAuth endpoints. */
export function isOwnAudience(url: string, { ISSUER, ACCESS_TOKEN_AUDIENCE = ISSUER }: OwnNames): boolean {
  const isSame = (audience: string) => withoutSlash(audience) === withoutSlash(url);
  return (
    isSame(ISSUER) || isSame(ACCESS_TOKEN_AUDIENCE) || URL.parse(url)?.href.startsWith(`${ISSUER}/oauth/`) === true
  );
}

const withoutSlash = (text: string) => text.replace(/\/$/, "");

const words = z.string().check(z.minLength(1), z.maxLength(100));

/** A token of RFC 6749 §3.3, short. */
const OwnScopes = z.array(
  z.strictObject({
    name: z.string().check(
      z.regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,60}$/),
      z.refine((name) => ![...STANDARD_SCOPES, ACCOUNT_SCOPE].includes(name)),
    ),
    description: z.intersection(z.object({ en: words }), z.record(z.string(), words)),
  }),
);

const NO_SCOPES =
  'Set a JSON list such as [{"name":"notes:read","description":{"en":"Read your notes"}}], with names that no standard has.';

/** The scopes of the team's APIs, in the order in which people see them. */
export const Scopes = z.pipe(
  z._default(z.string(), "[]"),
  z.transform((json, { issues }): OwnScope[] => {
    const parsed = OwnScopes.safeParse(parseJson(json));
    const scopes = parsed.data ?? [];
    if (!parsed.success || new Set(scopes.map(({ name }) => name)).size < scopes.length)
      issues.push({ code: "custom", input: json, message: NO_SCOPES });
    return scopes;
  }),
);
