/**
 * workers-oauth-provider, set up as its documentation says for one Worker: everything in KV. It has
 * no accounts, so the user is the one whom the client names, signed in and asked already.
 */
import { type OAuthHelpers, OAuthProvider } from "@cloudflare/workers-oauth-provider";

export interface PeerEnv {
  OAUTH_KV: KVNamespace;
  OAUTH_PROVIDER: OAuthHelpers;
}

export default new OAuthProvider<PeerEnv>({
  apiRoute: "/verify",
  apiHandler: { fetch: async (_request, _env, context) => Response.json(context.props) },
  defaultHandler: {
    async fetch(asked, { OAUTH_PROVIDER: oauth }) {
      const request = await oauth.parseAuthRequest(asked);
      const userId = new URL(asked.url).searchParams.get("login_hint") ?? "";
      const completed = { request, userId, metadata: {}, scope: request.scope, props: { sub: userId } };
      return Response.redirect((await oauth.completeAuthorization(completed)).redirectTo, 302);
    },
  },
  authorizeEndpoint: "/oauth/authorize",
  tokenEndpoint: "/oauth/token",
  clientRegistrationEndpoint: "/oauth/register",
  resourceMetadata: { resource: "http://localhost/verify", authorization_servers: ["http://localhost"] },
});
