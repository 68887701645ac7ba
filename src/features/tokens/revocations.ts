/** The feed of ended sessions, by which verifiers refuse access tokens without asking for each. */
import * as z from "zod/mini";
import type { RevocationFeed, RevocationQuery } from "../../contract/session.ts";
import type { Deps } from "../../deps.ts";
import { ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { FeedPosition, toFeedPage } from "../../schemas/event-page.ts";
import { listRevocations, VERIFIER_SKEW_MILLISECONDS } from "../../storage/session-revocation.ts";

const MAX_PAGE = 1000;

export const Revocations = z.strictObject({ since: FeedPosition } satisfies RequestFields<RevocationQuery>);

/** Lists a page of the sessions that ended after `since` and may have valid access tokens. */
export async function revocations(
  { db, now, config }: Deps,
  { since }: z.infer<typeof Revocations>,
): Promise<Result<RevocationFeed>> {
  const rows = await listRevocations(db, { since, max: MAX_PAGE + 1, now: now() });
  const { page, next, more } = toFeedPage(rows, MAX_PAGE, since);
  const lifetime = config.ACCESS_TOKEN_TTL_SECONDS * 1000 + VERIFIER_SKEW_MILLISECONDS;
  return ok({
    revocations: page.map(({ sessionId, revokedAt }) => ({
      sid: sessionId,
      expires_at: new Date(revokedAt + lifetime).toISOString(),
    })),
    next,
    more,
  });
}
