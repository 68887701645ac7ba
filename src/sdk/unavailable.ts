/** The service, or its storage, did not respond or reported an outage. */
export class Unavailable extends Error {}

export const DEADLINE_MILLISECONDS = 3000;

/**
 * Calls the service or its storage. If `call` fails or takes longer than three seconds, logs the
 * reason and throws `Unavailable`.
 */
export async function ask<T>(call: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The response took too long.")), DEADLINE_MILLISECONDS);
  });
  try {
    return await Promise.race([call(), deadline]);
  } catch (cause) {
    const { message } = cause as Error;
    console.error(JSON.stringify({ level: "error", event: "auth_unavailable", message }));
    throw new Unavailable("The service does not respond.", { cause });
  } finally {
    clearTimeout(timer);
  }
}
