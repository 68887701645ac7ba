/** Checks a running service over HTTP, as anyone can. */
import { join } from "node:path";
import { PEPPER_NAME } from "../../src/config/values.ts";
import { servedKeys } from "../deployed-keys.ts";
import { migrationsIn } from "../migrations.ts";
import { checkKeys, type KeyState } from "./keys.ts";
import type { PepperState } from "./peppers.ts";
import type { Finding } from "./report.ts";

const TIMEOUT_MILLISECONDS = 15_000;

export interface Service {
  findings: Finding[];
  /** Whether it answered as Gatehouse does, ready or not. */
  isUp: boolean;
  /** The name of the pepper in use, and how many earlier ones are accepted, if it says so. */
  peppers?: Pick<PepperState, "pepper" | "earlier">;
}

/** Checks the service at an origin. The project in `folder` has the migrations to compare with. */
export async function checkService(url: string, folder: string): Promise<Service> {
  const answer = await get(`${url}/health/ready`);
  const findings = readinessOf(url, answer, folder);
  const isUp = answer.status === 200 || answer.body.code === "not_ready";
  if (!isUp) return { findings, isUp };
  const { pepper = "", earlier_peppers: earlier = 0 } = answer.body;
  // Only the name of a pepper is printed, so the answer cannot send control characters.
  const peppers = PEPPER_NAME.test(pepper) && Number.isInteger(earlier) ? { peppers: { pepper, earlier } } : {};
  const { body } = await get(`${url}/.well-known/openid-configuration`);
  const message = `${url} is served as ${body.issuer ?? "no issuer"}. Set ISSUER to the address that clients use.`;
  return { findings: [...findings, ...(body.issuer === url ? [] : [fail("address", message)])], isUp, ...peppers };
}

/** Checks the keys that the service publishes. */
export async function checkServedKeys(url: string, state: Omit<KeyState, "keys">): Promise<Finding[]> {
  try {
    return checkKeys({ ...state, keys: await servedKeys(url) });
  } catch (error) {
    return [fail("keys", (error as Error).message)];
  }
}

/** What Gatehouse answers, as far as it is read here. */
interface Body {
  code?: string;
  detail?: string;
  issuer?: string;
  migration?: string;
  mail?: boolean;
  pepper?: string;
  earlier_peppers?: number;
  errors?: { path: string; message: string }[];
}

interface Reply {
  /** 0: no answer. */
  status: number;
  body: Body;
  reason?: string;
}

/** Requests JSON. Does not follow redirects: the service sends none here. */
async function get(url: string): Promise<Reply> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    return { status: response.status, body: (await response.json().catch(() => ({}))) as Body };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { status: 0, body: {}, reason: cause?.code ?? message };
  }
}

const REMEDIES: Record<string, string> = {
  ENOTFOUND:
    "The name has no address yet. A new custom domain takes a few minutes; its zone must be active at Cloudflare.",
  ECONNREFUSED: "Nothing listens there.",
};

function readinessOf(url: string, { status, body, reason = "" }: Reply, folder: string): Finding[] {
  const check = "service";
  const { code, detail, errors = [], migration, mail } = body;
  if (status === 0)
    return [
      fail(
        check,
        `${url} does not answer (${reason}). ${REMEDIES[reason] ?? "A new domain gets its certificate within minutes; otherwise check DNS and routes."}`,
      ),
    ];
  if (errors.length > 0) return errors.map(({ path, message }) => fail(check, `${path}: ${message}`));
  if (status === 421) return [fail(check, `${url} is not the host of ISSUER, and not one of ALLOWED_HOSTS.`)];
  if (status !== 200 || migration === undefined)
    return [
      fail(
        check,
        `${url}/health/ready answered ${status} ${code ?? ""}. ${detail ?? "It is not Gatehouse, or another version."}`,
      ),
    ];

  const latest = migrationsIn(join(folder, "migrations")).at(-1) ?? "";
  return [
    { check, level: "ok", message: `${url} is ready.` },
    migration === latest
      ? { check: "schema", level: "ok", message: `${migration} is applied, the last one.` }
      : {
          check: "schema",
          level: "warn",
          message: `${migration} is applied, and the last one here is ${latest}. Deploy the version that you have, or update it.`,
        },
    ...(mail ? [] : [fail("mail", "The service can send none. Set MAIL_FROM and the secret RESEND_API_KEY.")]),
  ];
}

const fail = (check: string, message: string): Finding => ({ check, level: "fail", message });
