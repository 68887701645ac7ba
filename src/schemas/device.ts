import Bowser from "bowser";
import * as z from "zod";

/** What a user agent says that it is, in words for people; null where it does not say. */
export const Device = z.object({
  browser: z.string().nullable(),
  os: z.string().nullable(),
  type: z
    .string()
    .nullable()
    .meta({ examples: ["desktop", "mobile", "tablet"] }),
});

export function deviceOf(userAgent: string | null): z.infer<typeof Device> {
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  return { browser: browser.name || null, os: os.name || null, type: platform.type || null };
}
