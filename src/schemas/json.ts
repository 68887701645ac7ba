const STRINGS_AND_BRACES = /("(?:[^"\\]|\\.)*")\s*(:?)|[{}]/g;

/** Whether the text is JSON of which nobody can have two opinions (I-JSON, RFC 7493): each name stands once in its
 *  object, and no string holds what storage would change, lone surrogates and NUL. */
export function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }

  const objects: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(STRINGS_AND_BRACES)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else {
      const decoded: string = JSON.parse(string as string);
      if (!isStorable(decoded)) return false;
      if (!colon) continue;

      const names = objects.at(-1);
      if (names?.has(decoded)) return false;
      names?.add(decoded);
    }
  }
  return true;
}

/** Whether a database gives this text back as it got it. */
export const isStorable = (text: string) => text.isWellFormed() && !text.includes("\0");
