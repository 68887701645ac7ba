import { app } from "./app.ts";

export default {
  fetch: app.fetch,

  /** No kind of message is known yet: what arrives is repeated until it rests in the dead-letter queue. */
  queue(batch) {
    batch.retryAll();
  },
} satisfies ExportedHandler<Env>;
