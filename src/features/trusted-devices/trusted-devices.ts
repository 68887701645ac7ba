/** The devices that a user trusts: list them and end the trust in one. */
import type * as contract from "../../contract/session.ts";
import type { SessionRef } from "../../contract/session-ref.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import { toUsedDevice } from "../../schemas/device.ts";
import { listTrustedDevices, removeTrustedDevice } from "../../storage/trusted-devices.ts";

/** Lists the devices that the user trusts, last used first. Errors: `unauthenticated`. */
export async function ownTrustedDevices(deps: Deps, session: SessionRef): Promise<Result<contract.TrustedDeviceList>> {
  const rows = await listTrustedDevices(deps.db, session, deps.now());
  return rows ? ok({ trusted_devices: rows.map(toUsedDevice) }) : err("unauthenticated");
}

/** Ends the trust in a device. Errors: `not_found`, also if the session has ended. */
export async function distrustDevice(deps: Deps, session: SessionRef, id: string): Promise<Result> {
  return (await removeTrustedDevice(deps.db, session, id, deps.audit())) ? ok() : err("not_found");
}
