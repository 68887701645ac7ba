/** Devices that sign in by a code (RFC 8628). */
import { generateRandomCodeVerifier } from "oauth4webapi";
import { DEVICE_GRANT } from "../../../src/contract/oauth-client.ts";
import { digestOfSecret } from "../../../src/crypto/one-time.ts";
import { type Device, RESOURCE, scopeOf } from "../clients.ts";
import type { Person } from "../people.ts";
import type { Play } from "../play.ts";
import { browserOf, flawOfBrowser, scopesOf } from "./authorization.ts";
import { flawOfClient, presentedBy, sendAs } from "./client-requests.ts";
import type { Act } from "./entry.ts";
import { redeem } from "./redemption.ts";
import { visit } from "./visit.ts";

const startDevice: Act<"startDevice"> = async (play, step) => {
  const { who, client: name, scopes, resource = false, times = 1 } = step;
  const own = play.apps.clients.get(name);
  if (!own) return undefined;
  const presented = presentedBy(play, own, step);
  const { client } = presented;
  const form = { scope: scopeOf(scopes), resource: resource ? RESOURCE : undefined };
  const answers = [];
  for (let n = 0; n < times; n++) answers.push(await sendAs(play, who, "device_authorization", presented, form));
  const started = answers.filter(({ json }) => json?.device_code);
  for (const { json } of started) {
    play.apps.devices[who as Person].unshift({
      client,
      deviceCode: json.device_code,
      digest: digestOfSecret(json.device_code),
      userCode: json.user_code,
      scopes: scopesOf(play, client, scopes),
      resource: resource ? RESOURCE : null,
    });
  }
  const flaw =
    flawOfClient(play, presented) ?? (client.name === "public" ? undefined : "of a client without the grant");
  return { answers, app: { flaw, isAccepted: started.length > 0 } };
};

/** The n-th newest device of a person. */
function deviceOf(play: Play, person: Person, n: number): Device | undefined {
  const devices = play.apps.devices[person];
  return devices[Math.min(n, devices.length - 1)];
}

/** Returns why a device gets no answer. */
function flawOfDevice({ before }: Play, { digest }: Device): string | undefined {
  const row = before.devices.get(digest);
  if (!row) return "for a device that is forgotten";
  if (row.answer !== null) return "for a device that has an answer";
  return row.expiresAt <= Date.now() ? "for a device that waits no longer" : undefined;
}

const answerDevice: Act<"answerDevice"> = async (play, { device: n = 0, of, deny = false, ...step }) => {
  const who = step.who as Person;
  const device = deviceOf(play, of ?? who, n);
  const browser = browserOf(play, step);
  if (!device || !browser) return undefined;
  const { client, digest, scopes, resource, userCode } = device;
  const { userId } = browser;
  const allowed = { userId, clientId: client.id, scopes, resource };
  // Its answer may be lost.
  if (!deny) play.apps.allow(digest, allowed);
  const path = `/device?${new URLSearchParams({ user: userId })}`;
  const form = { code: userCode, answer: deny ? "deny" : "allow" };
  const answer = await visit(play, who, path, { held: browser, form });
  const flaw = flawOfBrowser(play, browser, client.id) ?? flawOfDevice(play, device);
  const isAccepted = answer.headers.get("location")?.includes("/device?notice=") ?? false;
  return { answers: [answer], app: { flaw, isAccepted, ...(!deny && { allows: allowed }) } };
};

const poll: Act<"poll"> = async (play, { who, device: n = 0, twice = false, asCode = false, ...choice }) => {
  const device = deviceOf(play, who as Person, n);
  if (!device) return undefined;
  const { client, digest, deviceCode } = device;
  const presented = presentedBy(play, client, choice);
  const form: Record<string, string> = asCode
    ? { grant_type: "authorization_code", code: deviceCode, code_verifier: generateRandomCodeVerifier() }
    : { grant_type: DEVICE_GRANT, device_code: deviceCode };
  const flaw = asCode ? "of a device, in the place of a browser's" : undefined;
  return redeem(play, who, { client, digest, presented, form, flaw, twice });
};

export const DEVICE_ACTS = { startDevice, answerDevice, poll };
