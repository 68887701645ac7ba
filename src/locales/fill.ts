/** Fills texts in. A value may contain braces: only those of the template count. */

/** The forms of a text by the plural category of its `{count}`. They differ by language (CLDR). */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Replaces each `{name}` of a template by the value of that name. */
export const fill = (template: string, values: Record<string, string | number>): string =>
  template.replace(/\{(\w+)\}/g, (placeholder, name) => String(values[name] ?? placeholder));

/** Fills the form that the language uses for this number in, with `{count}`. */
export const fillPlural = (locale: string, plural: Plural, count: number): string =>
  fill(plural[new Intl.PluralRules(locale).select(count)] ?? plural.other, {
    count: new Intl.NumberFormat(locale).format(count),
  });
