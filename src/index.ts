import { app } from "./app.ts";
import { schedule } from "./schedule.ts";

export default {
  fetch: app.fetch,

  scheduled: (_, env, context) => schedule(env, context),

  /** No kind of message is known yet: what arrives is repeated until it rests in the dead-letter queue. */
  queue(batch) {
    batch.retryAll();
  },
} satisfies ExportedHandler<Env>;
