/** The sample data of the gallery. Times are relative to now: pages always show the same words. */
import type { OwnEvent } from "../contract/events.ts";
import type { Factors, Identity } from "../contract/factors.ts";
import type { MessageKind } from "../contract/messages.ts";
import type { Session, TrustedDevice } from "../contract/session.ts";
import type { User } from "../contract/user.ts";
import type { PasskeyList, RegistrationOptionsJSON } from "../contract/webauthn.ts";
import { totpUri } from "../crypto/totp.ts";
import type { Deps } from "../deps.ts";
import { fillPlural } from "../locales/fill.ts";
import { messagesIn } from "../locales/messages-in.ts";
import { composeMail, type Occurrence } from "../messages/compose.ts";
import { SECRET_KINDS } from "../messages/kinds.ts";
import { sealSecret } from "../pages/kept-secret.ts";
import type { PageSession } from "../pages/session.ts";
import { deviceOf } from "../schemas/device.ts";
import { AUTOMATIC } from "../senders/mail.ts";
import type { KeptMessage } from "../senders/outbox.ts";

export const USER_ID = "01890a5d-ac96-774b-bcce-b302099a8057";
/** A session whose user signed in with the password. */
export const SESSION: PageSession = {
  userId: USER_ID,
  sessionId: USER_ID,
  amr: ["pwd"],
  authenticatedAt: 0,
};
export const EMAIL = "jane.doe@example.com";
export const PHONE = "+4915112345678";

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** A time in the past, in ISO 8601. The half minute keeps what pages say of it stable. */
export function ago(milliseconds: number): string {
  const at = new Date(Date.now() - milliseconds - MINUTE / 2);
  // It is shown as a date, whose width must not depend on the time of the day.
  if (Math.abs(milliseconds) > 7 * DAY) at.setUTCHours(19, 1, 0, 0);
  return at.toISOString();
}

export const user = (changes: Partial<User> = {}): User => ({
  id: USER_ID,
  email: EMAIL,
  email_verified: true,
  phone: PHONE,
  phone_verified: false,
  username: "janedoe",
  first_name: "Jane",
  last_name: "Doe",
  short_description: "I grow tomatoes on a balcony in Leipzig.",
  contact: "email",
  locale: "en",
  roles: [],
  created_at: ago(400 * DAY),
  updated_at: ago(2 * DAY),
  ...changes,
});

const session = (user_agent: string, ip: string, age: number, changes: Partial<Session> = {}): Session => ({
  id: crypto.randomUUID(),
  created_at: ago(age),
  last_used_at: ago(age / 4),
  expires_at: new Date(Date.now() + 20 * DAY).toISOString(),
  user_agent,
  device: deviceOf(user_agent),
  ip,
  current: false,
  client: null,
  ...changes,
});

export const sessions = (): Session[] => [
  session(MAC, "203.0.113.7", 2 * HOUR, { current: true }),
  session(IPHONE, "2001:db8:85a3:8d3::/64", 2 * DAY),
  session(FIREFOX, "198.51.100.23", 6 * DAY),
  session("AcmeMobile/4.2 (iPhone; iOS 18.0)", "2001:db8:85a3:8d3::/64", 9 * DAY, {
    client: { id: "acme-mobile", name: "Acme Mobile" },
  }),
];

export const factors = (changes: Partial<Factors> = {}): Factors => ({
  password: true,
  totp: null,
  passkeys: 0,
  identities: 0,
  recovery_codes_left: 0,
  removal_due_at: null,
  ...changes,
});

export const identities = (): Identity[] => [
  {
    id: "a",
    provider: "google",
    email: EMAIL,
    linked_at: ago(40 * DAY),
    last_used_at: ago(2 * DAY),
  },
  { id: "b", provider: "github", email: null, linked_at: ago(MINUTE), last_used_at: null },
];

/** An authenticator app, and this many recovery codes. */
export const withApp = (left: number) => ({ totp: { confirmed_at: ago(3 * DAY) }, recovery_codes_left: left });

/** The factors of an account that will lose them. */
export const removal = (): Factors =>
  factors({ ...withApp(10), removal_due_at: new Date(Date.now() + DAY - MINUTE / 2).toISOString() });

const trustedDevice = (user_agent: string, ip: string, age: number): TrustedDevice => ({
  id: crypto.randomUUID(),
  created_at: ago(age),
  last_used_at: ago(age / 4),
  expires_at: new Date(Date.now() + 30 * DAY - age).toISOString(),
  user_agent,
  device: deviceOf(user_agent),
  ip,
});

export const trustedDevices = (): TrustedDevice[] => [
  trustedDevice(MAC, "203.0.113.7", 2 * DAY),
  trustedDevice(IPHONE, "2001:db8:85a3:8d3::/64", 6 * DAY),
];

export const passkeys = (): PasskeyList => ({
  passkeys: [
    { id: "a", name: "iCloud Keychain", created_at: ago(30 * DAY), last_used_at: ago(DAY), backed_up: true },
    { id: "b", name: "Security key", created_at: ago(3 * DAY), last_used_at: null, backed_up: false },
  ],
  rp_id: "localhost",
  user_handle: "x",
});

/** Options of a new passkey, which the service does not accept. */
export const creation: RegistrationOptionsJSON = {
  challenge: "x",
  rp: { id: "localhost", name: "localhost" },
  user: { id: "x", name: EMAIL, displayName: EMAIL },
  pubKeyCredParams: [],
  timeout: 300_000,
  attestation: "none",
  authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  excludeCredentials: [],
  extensions: { credProps: true },
};

export const CODES = [
  "0q8mz-4vk2d",
  "7h3ec-x91ta",
  "b5n0w-6rjy8",
  "2gdfq-kz47m",
  "v81sx-0ep3c",
  "m4y7t-9abw2",
  "cjr56-hq0kn",
  "8xz1d-tf5ge",
  "w30pk-2msv7",
  "e9a6b-n4yxq",
];

/** An app that a browser is adding, sealed for its user or its sign-in. */
const setupOf = (deps: Deps, owner: string) => {
  const uri = totpUri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", { issuer: "Acme", account: EMAIL });
  return sealSecret(deps, "totp_setup", owner, uri);
};

/** The cookies of a browser that is adding an authenticator app. */
export const keptSetup = async (deps: Deps) => ({
  account: `${USER_ID} ${EMAIL}`,
  totp_setup: await setupOf(deps, USER_ID),
});

/** The same at a sign-in. */
export const keptEnrollment = async (deps: Deps) => ({
  login_token: "x totp,passkey enroll",
  totp_setup: await setupOf(deps, "x"),
});

const event = (type: OwnEvent["type"], age: number, user_agent: string | null = MAC): OwnEvent => ({
  type,
  created_at: ago(age),
  session_id: null,
  user_agent,
  device: deviceOf(user_agent),
  ip: user_agent && "203.0.113.7",
  by_administrator: false,
  reason: null,
});

export const events = (): OwnEvent[] => [
  event("logged_in", 5 * MINUTE),
  event("login_failed", HOUR, FIREFOX),
  event("password_changed", 3 * HOUR),
  event("secret_sent", DAY, IPHONE),
  event("refresh_token_reused", 2 * DAY, FIREFOX),
  event("email_verified", 3 * DAY, IPHONE),
  { ...event("account_enabled", 4 * DAY, null), by_administrator: true, reason: "You asked us for it by phone." },
  event("registered", 5 * DAY, IPHONE),
];

/** The event of a sample notice. Notices print its time, so it is fixed. */
const OCCURRENCE: Occurrence = { createdAt: Date.UTC(2026, 0, 31, 9, 30), ip: "203.0.113.7", userAgent: MAC };

/** Composes the mail of this kind, with a secret that opens nothing. */
export async function mail(given: Deps, kind: MessageKind) {
  const deps = { ...given, config: { ...given.config, ISSUER: "https://auth.example.com" } };
  const messages = await messagesIn(deps.assets, deps.requestContext.locale ?? "en");
  const carried = kind in SECRET_KINDS ? SECRET_KINDS[kind as keyof typeof SECRET_KINDS].secret : undefined;
  const secret = {
    code: carried && "digits" in carried ? "71888412".slice(0, carried.digits.mail) : "",
    link: carried && "path" in carried ? `${deps.config.ISSUER}${carried.path}?token=${"x".repeat(43)}` : "",
    minutes: 15,
  };
  const isNotice = !carried && kind !== "address-taken";
  return composeMail(deps, kind, messages, {
    secret,
    minutes: fillPlural(messages.locale, messages.units.minutes, secret.minutes),
    occurrence: isNotice ? OCCURRENCE : undefined,
  });
}

/** The messages of a full outbox, newest first. */
export async function outbox(deps: Deps): Promise<KeptMessage[]> {
  const at = Date.UTC(2026, 0, 31, 9, 30);
  const kept = {
    channel: "mail",
    to: EMAIL,
    from: "Acme <hello@acme.example>",
    reply_to: null,
    headers: AUTOMATIC,
  } as const;
  return [
    { ...kept, at, ...(await mail(deps, "verification")) },
    { channel: "sms", to: PHONE, at: at - MINUTE, text: "Your code is 718884." },
    { ...kept, at: at - HOUR, ...(await mail(deps, "password-changed")) },
  ];
}
