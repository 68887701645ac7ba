import { app } from "./app.ts";
import { consume } from "./queue.ts";
import { AuthService } from "./rpc.ts";
import { schedule } from "./schedule.ts";

export { AuthService };

export default {
  fetch: app.fetch,

  scheduled: (_, env, context) => schedule(env, context),

  queue: consume,
} satisfies ExportedHandler<Env>;
