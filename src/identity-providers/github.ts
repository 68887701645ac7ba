import * as z from "zod";
import { ok, type Result } from "../result.ts";
import { splitName, toUpstreamEmail } from "./claims.ts";
import { ask, unavailable } from "./outbound.ts";
import type { IdentityProvider, UpstreamIdentity } from "./provider.ts";

const User = z.object({ id: z.int().positive(), name: z.unknown() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/**
 * Asks GitHub's API who an access token belongs to. GitHub has no id_token, and the address in a
 * public profile is not verified, so the primary address comes from a list of its own.
 *
 * Errors: `provider_unavailable`.
 */
export async function identifyAtGithub(
  provider: IdentityProvider,
  accessToken: string,
): Promise<Result<UpstreamIdentity>> {
  const { issuer } = provider;
  // GitHub Enterprise Server has its API below its own address.
  const api = issuer === "https://github.com" ? "https://api.github.com" : `${issuer}/api/v3`;
  const headers = { authorization: `Bearer ${accessToken}`, "x-github-api-version": "2022-11-28" };
  const [userAnswer, emailsAnswer] = await Promise.all([
    ask(provider, "profile", `${api}/user`, { headers }),
    ask(provider, "profile", `${api}/user/emails?per_page=100`, { headers }),
  ]);
  if (!userAnswer.ok) return userAnswer;
  if (!emailsAnswer.ok) return emailsAnswer;

  const user = User.safeParse(userAnswer.value.json);
  if (!user.success || userAnswer.value.status !== 200) return unavailable(provider, "profile", "malformed");
  // Without permission to read them, the answer is a 403 or 404, and there is no address.
  const emails = emailsAnswer.value.status === 200 ? Emails.safeParse(emailsAnswer.value.json) : { data: [] };
  if (!emails.data) return unavailable(provider, "profile", "malformed_emails");
  const primary = emails.data.find((entry) => entry.primary);
  const email = toUpstreamEmail(primary?.email);
  return ok({
    issuer,
    // The login can change, and be taken by another user later.
    subject: String(user.data.id),
    email,
    emailVerified: email !== null && primary?.verified === true,
    ...splitName(user.data.name),
    locale: null,
  });
}
