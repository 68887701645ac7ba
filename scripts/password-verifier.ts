/** The Worker in `workers/password-verifier`, which commands serve and deploy beside Gatehouse. */
export const VERIFIER = {
  /** The binding of Gatehouse that calls it. */
  binding: "PASSWORD_VERIFIER",
  name: "gatehouse-password-verifier",
  config: "workers/password-verifier/wrangler.toml",
} as const;

/** Returns its name beside the Gatehouse of this name, for an environment or the top level. */
export const verifierOf = (gatehouse = "", env: string) => `${gatehouse}-password-verifier${env && `-${env}`}`;
