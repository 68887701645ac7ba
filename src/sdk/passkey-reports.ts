/**
 * The passkeys of the account, and what the browser is told about them: it deletes those that a
 * list lacks. A list that a change overlaps may lack a passkey that the browser has just created,
 * so it is not reported.
 */
import type { PasskeyList } from "../contract/webauthn.ts";
import { acceptedOf, hasSignals, signalAccepted } from "./browser-credentials.ts";
import type { Act, ClientResult } from "./request.ts";

export type PasskeyReports = ReturnType<typeof createPasskeyReports>;

export function createPasskeyReports(act: Act) {
  let open = 0;
  let finished = 0;

  async function list(): Promise<ClientResult<PasskeyList>> {
    const finishedBefore = finished;
    const listed = await act<PasskeyList>({ method: "GET", path: "/users/me/passkeys" });
    if (listed.ok && open === 0 && finished === finishedBefore) void signalAccepted(acceptedOf(listed.value));
    return listed;
  }

  return {
    list,
    /** Runs a change, from the dialog of the browser to the response of the service. */
    async change<T>(run: () => Promise<T>): Promise<T> {
      open++;
      try {
        return await run();
      } finally {
        open--;
        finished++;
      }
    },
    /** Reports which passkeys are left, if the browser can be told. */
    report(): void {
      if (hasSignals()) void list();
    },
  };
}
