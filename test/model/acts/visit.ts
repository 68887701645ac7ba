/** Visits of a browser to pages. Its cookies stand for the tokens of an answer. */

import { OWN } from "../../support/visitor.ts";
import type { Answer } from "../../support/world.ts";
import { cookiesIn } from "../browsers.ts";
import type { Held } from "../model.ts";
import { type Person, senderOf } from "../people.ts";
import type { Play } from "../play.ts";

interface Visit {
  /** The tokens that the browser has. */
  held?: Pick<Held, "access" | "refresh"> | undefined;
  form?: Record<string, string>;
}

/** Opens an address, or sends a form. The tokens in cookies of the answer become its JSON. */
export async function visit(play: Play, who: Person, path: string, { held, form }: Visit = {}): Promise<Answer> {
  const device = play.deviceOf(who);
  const cookies = {
    ...play.browsers.cookiesOf(who),
    ...(device !== undefined && { device_token: device }),
    ...(held && { access_token: held.access, refresh_token: held.refresh }),
  };
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `__Host-${name}=${value}`)
    .join("; ");
  const headers = {
    ...senderOf(who),
    accept: "text/html",
    "sec-fetch-mode": "navigate",
    ...(cookie && { cookie }),
    ...(form && OWN),
  };
  const answer = await play.world.send(path, {
    redirect: "manual",
    headers,
    ...(form && { method: "POST", body: new URLSearchParams(form) }),
  });
  play.browsers.keepCookies(who, answer.headers);
  return { ...answer, json: tokensIn(play, who, answer) };
}

/** The tokens of an answer, as the API names them. */
function tokensIn(play: Play, who: Person, { headers, json }: Answer) {
  const { access_token, refresh_token, device_token, login_token } = cookiesIn(headers);
  if (device_token) play.keepDevice(who, device_token);
  if (refresh_token) return { access_token, refresh_token };
  const [token, , step] = decodeURIComponent(login_token ?? "").split(" ");
  const code = step === "enroll" ? "enrollment_required" : "second_factor_required";
  return token ? { login_token: token, code } : json;
}
