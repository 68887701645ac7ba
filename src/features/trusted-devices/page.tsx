/** The page of the browsers that a user trusts: list them and end the trust in one. */
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { namedDevice } from "../../auth/device.ts";
import type { TrustedDevice } from "../../contract/session.ts";
import { fail } from "../../http/answer.ts";
import { showAccountPage } from "../../pages/account-page.tsx";
import { DeviceRow } from "../../pages/device-row.tsx";
import { fromOwnPage, readSubmitted } from "../../pages/form.ts";
import { Notice } from "../../pages/form-parts.tsx";
import { localeOf, translations } from "../../pages/page.tsx";
import { actionOf, askToSignIn, type SignedInEnv, signedIn } from "../../pages/session.ts";
import { fillIn, timesIn } from "../../pages/time.tsx";
import { distrustDevice, ownTrustedDevices } from "./trusted-devices.ts";

const PATH = "/account/sessions/trusted";

export const trustedDevicePages = new Hono<SignedInEnv>()
  .get(PATH, signedIn, async (c) => {
    const list = await ownTrustedDevices(c.var.deps, c.var.session);
    return list.ok ? showTrustedDevices(c, list.value.trusted_devices) : askToSignIn(c);
  })
  .post(PATH, fromOwnPage, signedIn, async (c) => {
    const { parsed } = await readSubmitted(c, z.strictObject({ id: z.string() }));
    if (!parsed.ok) return fail(c, parsed);
    // The page asks to sign in if the session has ended.
    const ended = await distrustDevice(c.var.deps, c.var.session, parsed.value.id);
    return c.redirect(ended.ok ? `${PATH}?notice=ended` : PATH, 303);
  });

/** Renders this list. */
export async function showTrustedDevices(c: Context<SignedInEnv>, devices: TrustedDevice[]) {
  const t = await translations(c);
  const { title, lead, none, until, ended } = t.trustedDevices;
  const time = timesIn(localeOf(c));
  const thisDevice = namedDevice(c.var.deps)?.deviceId;
  const children = (
    <>
      {c.req.query("notice") === "ended" && <Notice>{ended}</Notice>}
      <section class="card">
        <p>{devices.length > 0 ? lead : none}</p>
        <ul class="rows">
          {devices.map((device) => (
            <DeviceRow
              t={t}
              item={device}
              current={device.id === thisDevice}
              used={fillIn(t.passkeys.lastUsed, { when: time(device.last_used_at) })}
              more={fillIn(until, { when: time(device.expires_at) })}
              action={actionOf(c, PATH)}
              submit={t.account.acts.remove}
            />
          ))}
        </ul>
      </section>
    </>
  );
  return showAccountPage(c, { title, children });
}
