import { expect, it } from "vitest";
import { agoIn } from "../../src/pages/client/ago.ts";

it.each([
  [-30, "now"],
  [59, "now"],
  [60, "1 minute ago"],
  [600, "10 minutes ago"],
  [36_000, "10 hours ago"],
  [86_400, "yesterday"],
  [7 * 86_400, "7 days ago"],
  [7 * 86_400 + 1, undefined],
  [-61, undefined],
])("%i seconds ago is %s", (seconds, text) => {
  expect(agoIn("en", seconds)).toBe(text);
});
