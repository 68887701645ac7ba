import type { AdminService } from "../../../src/contract/admin-service.ts";
import type { AuthService } from "../../../src/contract/auth-service.ts";

/** The Hono environment of every request to this Worker. */
export interface AdminEnv {
  Bindings: {
    ADMIN: AdminService;
    AUTH: AuthService;
  };
}
