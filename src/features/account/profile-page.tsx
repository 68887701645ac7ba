import { setLanguage } from "../../http/language-cookie.ts";
import { canonicalTag, LOCALES, nameOfLanguage, pickLocale } from "../../locales/locales.ts";
import { Choice } from "../../pages/choices.tsx";
import { Field, type FormState, TextArea } from "../../pages/fields.tsx";
import { accountFormPage } from "../../pages/form-page.tsx";
import { askToSignIn } from "../../pages/session.ts";
import { changeOwnProfile, currentUser, PlainProfileChange } from "./account.ts";

export const profilePage = accountFormPage("/account/profile", {
  title: (t) => t.account.profile.title,
  async open(c) {
    const user = await currentUser(c.var.deps, c.var.session);
    if (!user.ok) return askToSignIn(c);

    const { first_name, last_name, short_description, locale } = user.value;
    return { first_name, last_name, short_description, locale: canonicalTag(locale ?? "") };
  },
  fields: ProfileFields,
  submit: (t) => t.account.profile.save,
  schema: PlainProfileChange,
  // An emptied field clears what is stored.
  empty: null,
  async act(c, input) {
    const changed = await changeOwnProfile(c.var.deps, c.var.session, input);
    if (!changed.ok) return changed;

    const language = pickLocale([changed.value.locale ?? ""]);
    if (language) setLanguage(c, language, true);
    return c.redirect("/account?notice=saved", 303);
  },
});

function ProfileFields(form: FormState) {
  const { t } = form;
  const tag = canonicalTag(form.values["locale"] ?? "");
  // Offer the stored tag too, such as `de-CH`, so that saving keeps it.
  const languages = Object.fromEntries([...LOCALES, ...(tag ? [tag] : [])].map((each) => [each, nameOfLanguage(each)]));
  return (
    <>
      <Field form={form} name="first_name" autocomplete="given-name" maxlength={100} />
      <Field form={form} name="last_name" autocomplete="family-name" maxlength={100} />
      <TextArea form={form} name="short_description" maxlength={500} />
      <Choice form={form} name="locale" options={{ "": t.account.profile.noPreference, ...languages }} />
    </>
  );
}
