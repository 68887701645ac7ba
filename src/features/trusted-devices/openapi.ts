import * as z from "zod/mini";
import type * as contract from "../../contract/session.ts";
import { REQUEST_CONTEXT } from "../../http/examples.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import { usedDeviceFields } from "../../schemas/answers.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";

const TrustedDevice = z.object(usedDeviceFields);

const TrustedDeviceList = z.object({
  trusted_devices: z.array(TrustedDevice),
} satisfies ResponseFields<contract.TrustedDeviceList>);

export const schemas: Schemas = { TrustedDevice, TrustedDeviceList };

const ID = "3f0f7d0e-93d4-4a39-8c53-6c7f3d1c2b91";

export const operations: Operations = {
  "GET /users/me/trusted-devices": {
    id: "listTrustedDevices",
    tag: "Second factors",
    summary: "List the trusted devices",
    description:
      "Lists the devices on which the first factor alone signs the user in, at most ten: those that sent `trust_device` with a second factor. The setting `TRUSTED_DEVICE_DAYS` turns it on. A change of credentials ends the trust.",
    bearer: true,
    answer: {
      status: 200,
      description: "The devices, last used first.",
      schema: TrustedDeviceList,
      example: {
        trusted_devices: [
          {
            id: ID,
            created_at: "2026-11-20T08:00:00.000Z",
            last_used_at: "2026-11-22T09:30:00.000Z",
            expires_at: "2026-12-20T08:00:00.000Z",
            ...REQUEST_CONTEXT,
          },
        ],
      },
    },
  },
  "DELETE /users/me/trusted-devices/{id}": {
    id: "removeTrustedDevice",
    tag: "Second factors",
    summary: "End the trust in a device",
    description: "The next sign-in there needs the second factor. Its sessions go on.",
    bearer: true,
    params: { id: { description: "The `id` of a device in the list.", example: ID } },
    answer: { status: 204, description: "The device is no longer trusted." },
    errors: ["not_found"],
  },
};
