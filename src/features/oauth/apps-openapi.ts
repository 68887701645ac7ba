import * as z from "zod/mini";
import type * as contract from "../../contract/grants.ts";
import type { Operations, Schemas } from "../../http/operation.ts";
import type { ResponseFields } from "../../schemas/contract-fields.ts";

const Permission = z.object({
  resource: z.nullable(z.string()),
  scopes: z.array(z.string()),
  granted_at: z.iso.datetime(),
} satisfies ResponseFields<contract.Permission>);

const Grant = z.object({
  client_id: z.string(),
  client_name: z.string(),
  first_party: z.boolean(),
  permissions: z.array(Permission),
  last_used_at: z.nullable(z.iso.datetime()),
} satisfies ResponseFields<contract.Grant>);

const GrantList = z.object({ grants: z.array(Grant) } satisfies ResponseFields<contract.GrantList>);

export const schemas: Schemas = { GrantList, Grant, Permission };

const CLIENT_ID = "0b0e4c2e-4c4f-4a53-9d57-0f2f4e6c7b11";

export const operations: Operations = {
  "GET /users/me/grants": {
    id: "listGrants",
    tag: "Sessions",
    summary: "List the apps that the user allowed",
    description:
      "An app is an OAuth client. The list also has apps of the operator that are signed in without having asked.",
    bearer: true,
    answer: {
      status: 200,
      description: "The apps, by name.",
      schema: GrantList,
      example: {
        grants: [
          {
            client_id: CLIENT_ID,
            client_name: "Notes",
            first_party: false,
            permissions: [
              {
                resource: "https://notes.example.com/mcp",
                scopes: ["openid", "offline_access"],
                granted_at: "2026-11-20T08:00:00.000Z",
              },
            ],
            last_used_at: "2026-11-22T09:30:00.000Z",
          },
        ],
      },
    },
  },
  "DELETE /users/me/grants/{client_id}": {
    id: "revokeGrant",
    tag: "Sessions",
    summary: "Remove the access of an app",
    description:
      "Revokes all that the user allowed it and ends its sessions. Its refresh tokens become invalid immediately, its access tokens within about a minute. It has to ask again.",
    bearer: true,
    params: { client_id: { description: "The `client_id` of an app in the list.", example: CLIENT_ID } },
    answer: { status: 204, description: "The app has no access." },
    errors: ["not_found"],
  },
};
