/** The words of a language as a list. */

/** The texts by their paths, such as `mails.verification.subject`. A plural has its `other`. */
export function textsIn(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const text = typeof value === "object" && "other" in value ? value.other : value;
    return typeof text === "string" ? [[path + name, text]] : textsIn(text, `${path}${name}.`);
  });
}
