import type { AuthService } from "gatehouse-auth";

declare global {
  namespace Cloudflare {
    interface Env {
      AUTH: AuthService;
      GATEHOUSE: Fetcher;
      DB: D1Database;
    }
  }
}
