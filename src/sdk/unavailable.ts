/** Who was asked does not answer, or cannot. */
export class Unavailable extends Error {}

export const DEADLINE_MILLISECONDS = 3000;

/** What the service, or its storage, says. Throws `Unavailable` when it fails or takes longer than three seconds, and logs
 *  why. */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("No answer came in time.")), DEADLINE_MILLISECONDS);
  });
  try {
    return await Promise.race([question(), deadline]);
  } catch (cause) {
    const { message } = cause as Error;
    console.error(JSON.stringify({ level: "error", event: "auth_unavailable", message }));
    throw new Unavailable("The service does not answer.", { cause });
  } finally {
    clearTimeout(timer);
  }
}
