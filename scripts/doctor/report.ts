/** The findings of a check, and how they are shown. None contains a secret. */

export interface Finding {
  check: string;
  level: "ok" | "warn" | "fail";
  /** The result of the check, and for `warn` and `fail` how to fix it. */
  message: string;
}

/** One line for each finding, and one that counts. */
export function reportOf(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, level, message }) => `${level.padEnd(4)}  ${check.padEnd(width)}  ${message}`);
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  return [...lines, "", `${count("fail")} failed, ${count("warn")} to look at, ${count("ok")} in order.`].join("\n");
}

export const hasFailed = (findings: Finding[]): boolean => findings.some(({ level }) => level === "fail");

/** Returns the findings of a kind, or that all is well if there are none. */
export const orOk = (check: string, message: string, findings: Finding[]): Finding[] =>
  findings.length > 0 ? findings : [{ check, level: "ok", message }];
