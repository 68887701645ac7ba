import { env } from "cloudflare:workers";
import type { Received, Scripted } from "./provider-server.ts";

const { PROVIDER } = env as Env & { PROVIDER: string };

/** Resend and Twilio, both played by the provider on loopback. */
export const MAIL = { RESEND_API_KEY: "re_canary", MAIL_FROM: "auth@example.com", RESEND_BASE_URL: PROVIDER };
export const SMS = {
  TWILIO_ACCOUNT_SID: "AC_canary",
  TWILIO_AUTH_TOKEN: "token_canary",
  TWILIO_FROM: "+15555550100",
  TWILIO_BASE_URL: PROVIDER,
};
export const PROVIDERS = { ...MAIL, ...SMS };

/** What the providers answer next; what they received before is forgotten. */
export const script = (...answers: Scripted[]) =>
  fetch(`${PROVIDER}/script`, { method: "PUT", body: JSON.stringify(answers) });

/** What the providers received. */
export const received = async (): Promise<Received[]> => (await fetch(`${PROVIDER}/received`)).json();

interface Arrived {
  to: string;
  /** Empty for a text. */
  subject: string;
  text: string;
  /** The token of the link in it, or the code, if any. */
  token: string;
  code: string;
}

/** What arrived at whom, in order, as people read it. */
export async function inbox(): Promise<Arrived[]> {
  return (await received()).map(({ path, body }) => {
    const fields = path === "/emails" ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const text: string = fields.text ?? fields.Body;
    return {
      to: fields.to ?? fields.To,
      subject: fields.subject ?? "",
      text,
      token: /[?&]token=([\w-]+)/.exec(text)?.[1] ?? "",
      code: /\b(\d{6})\b/.exec(text)?.[1] ?? "",
    };
  });
}
