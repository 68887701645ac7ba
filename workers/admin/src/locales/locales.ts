/** The words of the console in each language, with those of the hosted pages. */
import { de as dePages } from "../../../../src/locales/de/de.ts";
import { en as enPages } from "../../../../src/locales/en/en.ts";
import { es as esPages } from "../../../../src/locales/es/es.ts";
import { fr as frPages } from "../../../../src/locales/fr/fr.ts";
import type { Locale, PageMessages } from "../../../../src/locales/locales.ts";
import { de } from "./de.ts";
import { type ConsoleMessages, en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

export interface Words extends PageMessages {
  admin: ConsoleMessages;
}

export const WORDS: Record<Locale, Words> = {
  en: { ...enPages.pages, admin: en },
  de: { ...dePages.pages, admin: de },
  es: { ...esPages.pages, admin: es },
  fr: { ...frPages.pages, admin: fr },
};
