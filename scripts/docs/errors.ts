/**
 * The error codes as Markdown, for developers and for operators. The `type` of a problem links to
 * the anchor of its code.
 */
import { type ErrorCode, errors, titleOf } from "../../src/errors.ts";
import { FIELD_CODES } from "../../src/schemas/problem.ts";
import { APP, NORMAL, OPERATOR_ACTIONS } from "./operators.ts";
import { REMEDIES } from "./remedies.ts";

const entries = Object.entries(errors) as [ErrorCode, (typeof errors)[ErrorCode]][];

/** Lists every error code with what to do, and every code of a field error. */
export const errorsMarkdown = () =>
  [
    ...entries.map(([code, { status, detail }]) =>
      [
        `## \`${code}\` {#${code}}`,
        `**${status} ${titleOf(code)}.** ${detail}`,
        `**What to do.** ${REMEDIES[code]}`,
      ].join("\n\n"),
    ),
    "## Field errors",
    "The `errors` of [`invalid_request`](#invalid_request) each have a `path`, which is the name of the field, a `message` " +
      "in English, and one of these codes. Translate the code, not the message.",
    ["| code | meaning |", "| --- | --- |", ...Object.entries(FIELD_CODES).map(fieldRow)].join("\n"),
  ].join("\n\n");

/** Lists every error code with what an operator does. Those that need nothing share a sentence. */
export const operatorsMarkdown = () => {
  const sorted = entries.toSorted(([a], [b]) => a.localeCompare(b));
  const withAction = (action: string) =>
    sorted
      .filter(([code]) => OPERATOR_ACTIONS[code] === action)
      .map(([code]) => linkTo(code))
      .join(", ");
  return [
    sorted
      .filter(([code]) => ![NORMAL, APP].includes(OPERATOR_ACTIONS[code]))
      .map(([code, { status }]) => `- ${linkTo(code)} (${status}): ${OPERATOR_ACTIONS[code]}`)
      .join("\n"),
    `${NORMAL} ${withAction(NORMAL)}.`,
    `${APP} ${withAction(APP)}.`,
  ].join("\n\n");
};

const linkTo = (code: ErrorCode) => `[\`${code}\`](errors.md#${code})`;

const fieldRow = ([code, meaning]: [string, string]) => `| \`${code}\` | ${meaning} |`;
