import type { TokenResponse } from "../contract/tokens.ts";
import type { ClientResult, Failure, Send } from "./request.ts";

/** The pauses between attempts to refresh. */
const PAUSES_MILLISECONDS = [500, 2000];

/**
 * Refreshes, and retries if no response arrives. The service accepts the same refresh token again
 * for a short time, because the first response may have been lost.
 */
export async function refreshWithRetry(
  send: Send,
  refresh_token: string | undefined,
): Promise<ClientResult<TokenResponse>> {
  const attempt = () => send<TokenResponse>({ method: "POST", path: "/auth/refresh", body: { refresh_token } });
  let answer = await attempt();
  for (const pause of PAUSES_MILLISECONDS) {
    if (answer.ok || !RETRYABLE.includes(answer.code)) break;
    await new Promise((resume) => setTimeout(resume, pause));
    answer = await attempt();
  }
  return answer;
}

const RETRYABLE: Failure["code"][] = ["unreachable", "storage_unavailable", "internal_error"];
