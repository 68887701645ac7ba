/** Exits with 0 if the container serves. It answers only the host and scheme of its issuer. */
import { get } from "node:http";

const { PORT = "8787", ISSUER = "http://localhost:8787" } = process.env;
const { host, protocol } = new URL(ISSUER);
const headers = { host, "x-forwarded-proto": protocol.slice(0, -1) };

get({ port: PORT, path: "/health", headers, timeout: 4000 }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
  .on("error", () => process.exit(1))
  .on("timeout", () => process.exit(1));
