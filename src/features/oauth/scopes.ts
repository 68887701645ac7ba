import { ACCOUNT_SCOPE, STANDARD_SCOPES } from "../../contract/oauth-client.ts";
import type { Deps } from "../../deps.ts";

/** Lists the scopes of every client: the standard ones, then those of the team's APIs. */
export const allScopes = ({ OAUTH_SCOPES }: Deps["config"]): string[] => [
  ...STANDARD_SCOPES,
  ...OAUTH_SCOPES.map(({ name }) => name),
];

/** Lists the scopes that a client of the operator can have. */
export const ownScopes = (config: Deps["config"]): string[] => [...allScopes(config), ACCOUNT_SCOPE];

/** Returns the asked scopes that exist. Others are ignored (OIDC Core §3.1.2.1). */
export function knownScopes(config: Deps["config"], scope = ""): string[] {
  const asked = scope.split(" ");
  return ownScopes(config).filter((name) => asked.includes(name));
}
