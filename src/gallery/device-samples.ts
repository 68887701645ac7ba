/** The states of the pages for the code of a device. */
import type { DeviceQuestion } from "../features/oauth/device.ts";
import { showDevice, showDeviceQuestion } from "../features/oauth/device-page.tsx";
import { type Sample, view, WRONG_CODE } from "./sample.ts";

const question = (changes: Partial<DeviceQuestion> = {}): DeviceQuestion => ({
  client: { name: "Acme TV", firstParty: false },
  scopes: ["openid", "email", "offline_access"],
  userCode: "WDJB-MJHT",
  userName: "janedoe",
  ...changes,
});

export const deviceSamples = (): Record<string, Sample> => ({
  device: view("/device", (c) => showDevice(c, {})),
  "device-filled": view("/device", (c) => showDevice(c, { code: "WDJB-MJHT" })),
  "device-refused": view("/device", (c) => showDevice(c, { code: "WDJB-MJHX" }, WRONG_CODE)),
  "device-question": view("/device", (c) => showDeviceQuestion(c, question())),
  "device-question-own": view("/device", (c) =>
    showDeviceQuestion(c, question({ client: { name: "acme login", firstParty: true }, scopes: [] })),
  ),
  "device-allowed": view("/device?notice=allow", (c) => showDevice(c, {})),
  "device-denied": view("/device?notice=deny", (c) => showDevice(c, {})),
});
