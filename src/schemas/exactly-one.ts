import * as z from "zod/mini";
import { coded } from "./parse.ts";

/** Requires exactly one of these fields. The error names the first. */
export const exactlyOne = <Name extends string>(...names: [Name, ...Name[]]) =>
  z.superRefine<Partial<Record<Name, unknown>>>((body, context) => {
    const { length } = names.filter((name) => body[name] !== undefined);
    if (length === 1) return;
    context.addIssue({
      code: "custom",
      path: [names[0]],
      message: `Send exactly one of ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`,
      ...coded(length === 0 ? "required" : "conflict"),
    });
  });
