/** The pages on which a user types the code of a device, and answers it. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { rateLimit } from "../../http/rate-limit.ts";
import { fill } from "../../locales/fill.ts";
import { CodeField } from "../../pages/code-field.tsx";
import type { FormValues } from "../../pages/fields.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { Form, FormId, Notice } from "../../pages/form-parts.tsx";
import { showPage, translations } from "../../pages/page.tsx";
import { actOnce } from "../../pages/repeats.ts";
import { actionOf, askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn } from "../../pages/time.tsx";
import type { Err } from "../../result.ts";
import { optional } from "../../schemas/optional.ts";
import { AnotherAccount, Answers, AskedScopes } from "./consent-page.tsx";
import { answerDevice, DEVICE_PATH, type DeviceQuestion, questionOf, UserCode } from "./device.ts";

/** The first form sends the code, the second one the answer too. */
const Typed = z.strictObject({ code: UserCode, answer: optional(z.enum(["allow", "deny"])) });

export const devicePages = new Hono<SignedInEnv>()
  // A link with the code only fills it in: another site must not look codes up for its visitors.
  .get(DEVICE_PATH, signedIn, (c) => showDevice(c, { code: c.req.query("user_code") }))
  .post(DEVICE_PATH, fromOwnPage, rateLimit("credentials"), signedIn, async (c) => {
    const { deps, session } = c.var;
    const { values, parsed } = await readSubmitted(c, Typed);
    if (!parsed.ok) return showDevice(c, values, parsed);
    const { code: userCode, answer } = parsed.value;
    const done = await actOnce(c, values, async () => {
      if (answer) {
        const answered = await answerDevice(deps, session, { userCode, isAllowed: answer === "allow" });
        return answered.ok ? c.redirect(`${DEVICE_PATH}?notice=${answer}`, 303) : answered;
      }
      const question = await questionOf(deps, session, userCode);
      return question.ok ? showDeviceQuestion(c, question.value) : question;
    });
    if (done instanceof Response) return done;
    // The session may have ended after the form was shown.
    return done.code === "unauthenticated" ? askToSignIn(c) : showDevice(c, values, done);
  });

/** Asks for the code of a device, or says how it was answered. */
export async function showDevice(c: Context<SignedInEnv>, values: FormValues, failure?: Err) {
  const t = await translations(c);
  const { device } = t.oauth;
  const notice = c.req.query("notice");
  const form = { t, values, failure };
  const children =
    notice === "allow" || notice === "deny" ? (
      <Notice neutral={notice === "deny"}>{notice === "allow" ? device.allowed : device.denied}</Notice>
    ) : (
      <Form
        {...form}
        action={actionOf(c, DEVICE_PATH)}
        submit={device.next.submit}
        refusals={{ invalid_code: device.wrong }}
      >
        <p>{device.lead}</p>
        <CodeField form={form} name="code" hasLetters autofocus />
      </Form>
    );
  return showPage(c, { title: device.title, failure, children });
}

/** Asks whether the client on a device may have what it asks for. */
export async function showDeviceQuestion(
  c: Context<SignedInEnv>,
  { client, scopes, userCode, userName }: DeviceQuestion,
) {
  const t = await translations(c);
  const { oauth: words } = t;
  const children = (
    <>
      <AnotherAccount
        words={words}
        name={userName}
        to={`${DEVICE_PATH}?${new URLSearchParams({ user_code: userCode })}`}
      />
      <p>{fill(client.firstParty ? words.ownLead : words.lead, { client: client.name })}</p>
      <AskedScopes t={t} c={c} scopes={scopes} />
      <p class="alert">{fillIn(words.device.warning, { code: <strong>{userCode}</strong> })}</p>
      <form method="post" action={actionOf(c, DEVICE_PATH)}>
        <FormId />
        <input type="hidden" name="code" value={userCode} />
        <Answers words={words} />
      </form>
      <p class="soft">{words.revocable}</p>
    </>
  );
  return showPage(c, { title: fill(words.title, { client: client.name }), children });
}
