const STRINGS_AND_BRACES = /("(?:[^"\\]|\\.)*")\s*(:?)|[{}]/g;

/**
 * Tests whether a text is unambiguous JSON (I-JSON, RFC 7493): no duplicate names in an object, and
 * no NUL or lone surrogates in strings, which storage would change.
 */
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

/** Tests whether the database returns a text unchanged. */
export const isStorable = (text: string) => text.isWellFormed() && !text.includes("\0");
