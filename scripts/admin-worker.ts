/** The Worker in `workers/admin`, which `npm start` serves beside Gatehouse. */
export const ADMIN_WORKER = {
  /** The binding of Gatehouse that forwards `/admin` to it. */
  binding: "ADMIN_WORKER",
  name: "gatehouse-admin",
  config: "workers/admin/wrangler.toml",
  /** The name of Gatehouse in its own bindings. */
  gatehouse: "gatehouse",
} as const;
