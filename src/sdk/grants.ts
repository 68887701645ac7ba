/** The apps that a user allowed to act for them. */
import type { GrantList } from "../contract/grants.ts";
import type { Act } from "./request.ts";

const PATH = "/users/me/grants";

/** Creates the methods of a client for the apps of its user. */
export const createGrants = (act: Act) => ({
  list: () => act<GrantList>({ method: "GET", path: PATH }),
  /** Removes all that the user allowed the app with this client id, and signs it out. */
  revoke: (clientId: string) => act({ method: "DELETE", path: `${PATH}/${encodeURIComponent(clientId)}` }),
});
