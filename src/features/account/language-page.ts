import { Hono } from "hono";
import * as z from "zod/mini";
import { fail } from "../../http/answer.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { setLanguage } from "../../http/language-cookie.ts";
import { LOCALES } from "../../locales/locales.ts";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { LANGUAGE_PATH } from "../../pages/language-switch.tsx";
import { ownPath } from "../../pages/return-to.ts";
import { currentSession, refreshTokenIn, renewFirst } from "../../pages/session.ts";
import { optional } from "../../schemas/optional.ts";
import { chooseLanguage } from "./account.ts";

const LanguageChoice = z.strictObject({ language: z.enum(LOCALES), return_to: optional(z.string()) });

export const languagePages = new Hono<AppEnv>()
  // A browser that reopens the address of the form sends a GET.
  .get(LANGUAGE_PATH, (c) => c.redirect("/account", 303))
  .post(LANGUAGE_PATH, fromOwnPage, async (c) => {
    const { parsed } = await readSubmitted(c, LanguageChoice);
    if (!parsed.ok) return fail(c, parsed);
    const { language, return_to } = parsed.value;

    const session = await currentSession(c);
    if (!session && refreshTokenIn(c).token) return renewFirst(c);
    const stored = session && (await chooseLanguage(c.var.deps, session, language));
    if (stored && !stored.ok) return fail(c, stored);
    setLanguage(c, language, stored !== undefined);
    return c.redirect(ownPath(c, return_to), 303);
  });
