import { fill } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";

/** Describes a device by its browser and operating system, as far as they are known. */
export const describeDevice = (
  t: PageMessages,
  { browser, os }: { browser: string | null; os: string | null },
): string => (browser && os ? fill(t.common.deviceName, { browser, os }) : (browser ?? os ?? t.common.unknownDevice));
