import type { Administrator } from "../../../../src/contract/admin-service.ts";
import type { Locale } from "../../../../src/locales/locales.ts";
import type { AdminEnv } from "../env.ts";
import type { Words } from "../locales/locales.ts";

/** The Hono environment of the pages. */
export interface ConsoleEnv extends AdminEnv {
  Variables: AdminEnv["Variables"] & {
    locale: Locale;
    t: Words;
    administrator: Administrator;
  };
}
