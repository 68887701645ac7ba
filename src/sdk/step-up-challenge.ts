/** What a request requires of the user's authentication. */
export interface StepUp {
  /** The level that the user has to reach: `aal2` is a second factor. */
  acr?: string;
  /** The user must have proved a credential within this number of seconds. */
  maxAge?: number;
}

const ERROR = "insufficient_user_authentication";

/** The parameters of challenges (RFC 9110 §11.2): tokens or quoted strings. */
const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g;

/** Returns what a 401 requires, if its challenge is one of step-up authentication (RFC 9470 §3). */
export function stepUpOf({ status, headers }: Pick<Response, "status" | "headers">): StepUp | undefined {
  if (status !== 401) return undefined;
  const found = [...(headers.get("www-authenticate") ?? "").matchAll(PARAMETER)];
  const parameters = found.map(([, name = "", quoted, token = ""]) => [name.toLowerCase(), quoted ?? token]);
  if (!parameters.some(([name, value]) => name === "error" && value === ERROR)) return undefined;
  const read = (name: string) => parameters.find(([other]) => other === name)?.[1] ?? "";
  // A service may list several levels. The first one is what it prefers.
  const [acr] = read("acr_values").split(" ");
  const maxAge = Number.parseInt(read("max_age"), 10);
  return { ...(acr && { acr }), ...(maxAge >= 0 && { maxAge }) };
}
