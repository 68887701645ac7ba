import { runSchedule } from "./entrypoints/cron.ts";
import { app } from "./entrypoints/http.ts";
import { consume } from "./entrypoints/queue.ts";
import { AdminService } from "./entrypoints/rpc/admin-service.ts";
import { AuthService } from "./entrypoints/rpc/auth-service.ts";

export { AdminService, AuthService };

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: (_, env, context) => runSchedule(env, context),
} satisfies ExportedHandler<Env>;
