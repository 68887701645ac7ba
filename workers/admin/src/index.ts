/**
 * The Worker for administration: the console at `/admin`. It stores nothing: `AdminService` reads
 * and changes everything.
 *
 * Gatehouse forwards the requests for these paths, so the console has the domain and the session of
 * the hosted pages.
 */
import { Hono } from "hono";
import { noStore, securityHeaders } from "../../../src/http/headers.ts";
import { consolePages } from "./console/console.ts";
import type { AdminEnv } from "./env.ts";

export default new Hono<AdminEnv>({ strict: false }).use(securityHeaders, noStore).route("/admin", consolePages);
