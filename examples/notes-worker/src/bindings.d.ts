import type { AuthService } from "gatehouse/sdk";

declare global {
  namespace Cloudflare {
    interface Env {
      AUTH: AuthService;
      GATEHOUSE: Fetcher;
      DB: D1Database;
    }
  }
}
