import { app } from "./app.ts";
import { consume } from "./queue.ts";
import { AdminService } from "./rpc/admin-service.ts";
import { AuthService } from "./rpc/auth-service.ts";
import { schedule } from "./schedule.ts";

export { AdminService, AuthService };

export default {
  fetch: app.fetch,

  scheduled: (_, env, context) => schedule(env, context),

  queue: consume,
} satisfies ExportedHandler<Env>;
