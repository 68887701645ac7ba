/** The own format: what `npm run export` writes, and what any other system can be turned into. */
import * as z from "zod/mini";
import type { AccountInput } from "../account.ts";
import { format } from "./format.ts";

// The import checks the fields.
export const ndjson = format(z.looseObject({}), (row) => row as unknown as AccountInput);
