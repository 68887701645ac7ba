/** The clients that may act for a user: list them and revoke what one may do. */
import { afterCommit } from "../../auth/after-commit.ts";
import type * as contract from "../../contract/grants.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { listGrants, revokeGrants } from "../../storage/oauth-grants.ts";

/**
 * Lists the clients that the user has allowed, by name, and those of the operator that are signed
 * in without having asked. Errors: `unauthenticated`.
 */
export async function ownGrants(deps: Deps, session: SessionRef): Promise<Result<contract.GrantList>> {
  const found = await listGrants(deps.db, session, deps.now());
  if (!found) return err("unauthenticated");
  const { granted, open } = found;
  const asked = new Set(granted.map(({ clientId }) => clientId));
  const rows = [
    ...granted,
    ...open
      .filter(({ clientId }) => !asked.has(clientId))
      .map(({ scope, createdAt, ...row }) => ({ ...row, scopes: scope?.split(" ") ?? [], grantedAt: createdAt })),
  ];
  const grants = [...Map.groupBy(rows, ({ clientId }) => clientId)].map(([client_id, own]): contract.Grant => {
    const lastUsedAt = open.find(({ clientId }) => clientId === client_id)?.lastUsedAt;
    return {
      client_id,
      client_name: own[0]?.name ?? "",
      first_party: own[0]?.firstParty ?? false,
      permissions: [...Map.groupBy(own, ({ resource }) => resource || null)].map(([resource, each]) => ({
        resource,
        scopes: [...new Set(each.flatMap(({ scopes }) => scopes.filter(Boolean)))],
        granted_at: toIso(Math.min(...each.map(({ grantedAt }) => grantedAt))),
      })),
      last_used_at: lastUsedAt === undefined ? null : toIso(lastUsedAt),
    };
  });
  return ok({ grants: grants.sort((a, b) => a.client_name.localeCompare(b.client_name)) });
}

const toIso = (at: number) => new Date(at).toISOString();

/**
 * Revokes all that the user has allowed a client, and signs it out. Errors: `not_found`, also if
 * the session has ended.
 */
export async function revokeOwnGrant(deps: Deps, session: SessionRef, clientId: string): Promise<Result> {
  const ended = await revokeGrants(deps.db, session, clientId, deps.audit());
  if (!ended) return err("not_found");
  afterCommit(deps, { event: "grant_revoked", userId: session.userId, ended });
  return ok();
}
