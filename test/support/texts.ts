/** The words of a language as a list. */

/** Lists the texts by path, such as `mails.verification.subject`. A plural counts as one text. */
export function textsIn(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const text = typeof value === "object" && "other" in value ? value.other : value;
    return typeof text === "string" ? [[path + name, text]] : textsIn(text, `${path}${name}.`);
  });
}
