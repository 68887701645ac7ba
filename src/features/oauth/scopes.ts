import { STANDARD_SCOPES } from "../../contract/oauth-client.ts";
import type { Deps } from "../../deps.ts";

/** Lists the scopes of the service: the standard ones, then those of the team's APIs. */
export const allScopes = ({ OAUTH_SCOPES }: Deps["config"]): string[] => [
  ...STANDARD_SCOPES,
  ...OAUTH_SCOPES.map(({ name }) => name),
];

/** Returns the asked scopes that exist. Others are ignored (OIDC Core §3.1.2.1). */
export function knownScopes(config: Deps["config"], scope = ""): string[] {
  const asked = scope.split(" ");
  return allScopes(config).filter((name) => asked.includes(name));
}
