/** The browsers of people, and which of them they trust: there the first factor alone signs in. */
import { decodeValues } from "../../src/crypto/signed-values.ts";
import type { Person } from "./people.ts";
import type { Account } from "./snapshot.ts";

/** What a device token names. */
interface Device {
  userId: string;
  deviceId: string;
  credentialVersion: number;
}

interface Trust extends Omit<Device, "deviceId"> {
  /** Unix milliseconds. */
  expiresAt: number;
}

function deviceOf(token: string): Device {
  const [userId, deviceId, credentialVersion] = decodeValues(token) as [string, string, number];
  return { userId, deviceId, credentialVersion };
}

export const createTrust = () => {
  /** The device tokens that each person had at some time. */
  const held = new Map<string, (Device & { step: number })[]>();
  /** By device. */
  const trusts = new Map<string, Trust>();

  const isTrusted = (account: Account) => (device: Device) => {
    const trust = trusts.get(device.deviceId);
    const { id, credentialVersion: version } = account;
    if (trust?.userId !== id || device.userId !== id || trust.expiresAt <= Date.now()) return false;
    return trust.credentialVersion === version && device.credentialVersion === version;
  };

  return {
    hold(who: string, token: string, step: number) {
      held.set(who, [...(held.get(who) ?? []), { ...deviceOf(token), step }]);
    },

    /** The owner trusts this device under the present credentials. */
    add(token: string, { id, credentialVersion }: Account, expiresAt: number) {
      const { userId, deviceId } = deviceOf(token);
      if (userId === id) trusts.set(deviceId, { userId, credentialVersion, expiresAt });
    },

    end: (deviceId: string) => trusts.delete(deviceId),

    /** Tests whether an account trusts the device of this token. */
    trusts: (account: Account, token: string | undefined): boolean =>
      token !== undefined && isTrusted(account)(deviceOf(token)),

    /** Tests whether an account trusts a device that the person had before this step. */
    isTrusted: (person: Person, account: Account, now: number): boolean =>
      (held.get(person) ?? []).filter(({ step }) => step < now).some(isTrusted(account)),
  };
};
