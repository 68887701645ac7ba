import * as z from "zod/mini";
import { ok, type Result } from "../result.ts";
import { splitName, toUpstreamEmail } from "./claims.ts";
import { ask } from "./outbound.ts";
import type { IdentityProvider, ProviderDeps, UpstreamIdentity } from "./provider.ts";

const User = z.object({ id: z.int().check(z.positive()), name: z.optional(z.unknown()) });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/**
 * Asks GitHub's API who an access token belongs to. GitHub has no id_token, and the address in a
 * public profile is not verified, so the primary address comes from a list of its own.
 *
 * Errors: `provider_unavailable`, also if the app may not read addresses.
 */
export async function identifyAtGithub(
  { signal }: ProviderDeps,
  provider: IdentityProvider,
  accessToken: string,
): Promise<Result<UpstreamIdentity>> {
  const { issuer } = provider;
  // GitHub Enterprise Server has its API below its own address.
  const api = issuer === "https://github.com" ? "https://api.github.com" : `${issuer}/api/v3`;
  const headers = { authorization: `Bearer ${accessToken}`, "x-github-api-version": "2022-11-28" };
  const outgoing = { headers, signal };
  const [user, emails] = await Promise.all([
    ask(provider, "profile", User, `${api}/user`, outgoing),
    ask(provider, "profile", Emails, `${api}/user/emails?per_page=100`, outgoing),
  ]);
  if (!user.ok) return user;
  if (!emails.ok) return emails;

  const primary = emails.value.find((entry) => entry.primary);
  const email = toUpstreamEmail(primary?.email);
  return ok({
    issuer,
    // The login can change, and be taken by another user later.
    subject: String(user.value.id),
    email,
    emailVerified: email !== null && primary?.verified === true,
    ...splitName(user.value.name),
    locale: null,
  });
}
