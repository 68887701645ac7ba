/** The OAuth clients of a test issuer. They can be administered, and sign nobody in. */
import type { AdminService } from "../contract/admin-service.ts";
import type { OAuthClient } from "../contract/oauth-client.ts";
import { err, ok } from "../result.ts";

type ClientMethods = Pick<
  AdminService,
  "createClient" | "listClients" | "getClient" | "updateClient" | "rotateClientSecret" | "deleteClient"
>;

export function createTestClients(): ClientMethods {
  const clients = new Map<string, OAuthClient>();
  const secret = () => ({ client_secret: `ghcs_${crypto.randomUUID()}` });
  const find = (id: string) => {
    const client = clients.get(id);
    return client ? ok(client) : err("not_found");
  };
  return {
    async createClient(input) {
      const token_endpoint_auth_method = input.token_endpoint_auth_method ?? "client_secret_basic";
      const client: OAuthClient = {
        client_id: crypto.randomUUID(),
        client_name: input.client_name,
        redirect_uris: input.redirect_uris ?? [],
        post_logout_redirect_uris: input.post_logout_redirect_uris ?? [],
        grant_types: input.grant_types ?? ["authorization_code", "refresh_token"],
        scopes: input.scopes ?? null,
        first_party: input.first_party ?? false,
        jwks: input.jwks ?? null,
        token_endpoint_auth_method,
        old_secret_expires_at: null,
        created_at: new Date().toISOString(),
      };
      clients.set(client.client_id, client);
      return ok({ ...client, ...(/^client_secret/.test(token_endpoint_auth_method) && secret()) });
    },
    listClients: async () => ok({ clients: [...clients.values()] }),
    getClient: async (id) => find(id),
    async updateClient(id, change) {
      const found = find(id);
      if (found.ok)
        Object.assign(
          found.value,
          Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
        );
      return found;
    },
    async rotateClientSecret(id) {
      const found = find(id);
      return found.ok ? ok({ ...found.value, ...secret() }) : found;
    },
    deleteClient: async (id) => (clients.delete(id) ? ok() : err("not_found")),
  };
}
