import { env } from "cloudflare:workers";
import type { Received, Scripted } from "./provider-server.ts";

const { PROVIDER } = env as Env & { PROVIDER: string };

/** Settings of Resend and Twilio; one server on loopback stands in for both. */
export const MAIL = { RESEND_API_KEY: "re_canary", MAIL_FROM: "auth@example.com", RESEND_BASE_URL: PROVIDER };
export const SMS = {
  TWILIO_ACCOUNT_SID: "AC_canary",
  TWILIO_AUTH_TOKEN: "token_canary",
  TWILIO_FROM: "+12025550100",
  TWILIO_BASE_URL: PROVIDER,
};
export const PROVIDERS = { ...MAIL, ...SMS };
/** Providers, and no pause between two messages to one recipient. */
export const NO_COOLDOWN = { ...PROVIDERS, OTP_RESEND_COOLDOWN_SECONDS: "0" };

/** Sets the next answers of the providers and forgets the requests they have received. */
export const script = (...answers: Scripted[]) =>
  fetch(`${PROVIDER}/script`, { method: "PUT", body: JSON.stringify(answers) });

/** The requests that the providers have received. */
export const received = async (): Promise<Received[]> => (await fetch(`${PROVIDER}/received`)).json();

export interface Message {
  to: string;
  /** Empty in a text message. */
  subject: string;
  text: string;
  /** The token of the link in it, or "". */
  token: string;
  /** The code in it, or "". */
  code: string;
}

/** The delivered messages, oldest first, as people read them. */
async function delivered(): Promise<Message[]> {
  const requests = (await received()).filter(({ path }) => path === "/emails" || path.endsWith("/Messages.json"));
  return requests.map(({ path, body }) => {
    const fields = path === "/emails" ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const text: string = fields.text ?? fields.Body;
    return {
      to: fields.to ?? fields.To,
      subject: fields.subject ?? "",
      text,
      token: /[?&]token=([\w-]+)/.exec(text)?.[1] ?? "",
      code: /\b(\d{6}|\d{8})\b/.exec(text)?.[1] ?? "",
    };
  });
}

type Messages<N extends number, Found extends Message[] = []> = Found["length"] extends N
  ? Found
  : Messages<N, [...Found, Message]>;

/** The messages that people have received. `setup.ts` empties it before each test. */
export const outbox = {
  all: delivered,
  /** Throws if there is none. */
  async first(): Promise<Message> {
    return oneOf((await delivered())[0]);
  },
  /** The only one. Throws if there is none, or another. */
  async only(): Promise<Message> {
    const [message] = await outbox.exactly(1);
    return message;
  },
  /** This number of them, oldest first. Throws if there are more or fewer. */
  async exactly<N extends number>(n: N): Promise<Messages<N>> {
    const messages = await delivered();
    if (messages.length !== n) throw new Error(`${messages.length} messages were delivered instead of ${n}`);
    return messages as Messages<N>;
  },
  /** The newest one. Throws if there is none. */
  async last(): Promise<Message> {
    return oneOf((await delivered()).at(-1));
  },
  async clear() {
    await script();
  },
};

function oneOf(message: Message | undefined): Message {
  if (!message) throw new Error("no message was delivered");
  return message;
}

interface Requesting {
  post(path: string, body: unknown): Promise<unknown>;
  flush(): Promise<void>;
}

/** Requests a message and returns those that were sent. */
export async function sentBy(world: Requesting, path: string, body: object): Promise<Message[]> {
  await world.flush();
  await outbox.clear();
  await world.post(path, body);
  await world.flush();
  return outbox.all();
}
