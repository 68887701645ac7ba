import type { AuthService } from "gatehouse-auth";

declare global {
  namespace Cloudflare {
    interface Env {
      AUTH: AuthService;
      DB: D1Database;
      /** The URL of this server, spelled as in `OAUTH_RESOURCES` of the service. */
      RESOURCE: string;
    }
  }
}
