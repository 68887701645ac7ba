/**
 * Names a language in that language, or returns the tag if its name is unknown. Extensions of a
 * canonical tag, such as a sort order, are not part of the name.
 */
export function languageName(tag: string): string {
  const { baseName } = new Intl.Locale(tag);
  return new Intl.DisplayNames([tag, "en"], { type: "language" }).of(baseName) ?? tag;
}
