import type { AdminService } from "../../../src/contract/admin-service.ts";
import type { AuthService } from "../../../src/contract/auth-service.ts";
import type { AppEnv } from "../../../src/http/app-env.ts";

/** The Hono environment of every request to this Worker. */
export interface AdminEnv {
  Bindings: {
    ADMIN: AdminService;
    AUTH: AuthService;
  };
  Variables: Pick<AppEnv["Variables"], "renderFailure">;
}
