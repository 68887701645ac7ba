import type { Child } from "hono/jsx";
import type { AdminService } from "../../../../src/contract/admin-service.ts";
import type { ApiKey, ApiKeyList, ApiKeyOwner } from "../../../../src/contract/api-keys.ts";
import { Row } from "../../../../src/pages/rows.tsx";
import { fillIn } from "../../../../src/pages/time.tsx";
import { ok, type Result } from "../../../../src/result.ts";
import type { Words } from "../locales/locales.ts";

interface ApiKeysProps {
  t: Words;
  keys: ApiKey[];
  timeOf: (iso: string) => Child;
  /** The button that revokes a key. */
  actOf: (key: ApiKey) => Child;
}

/** Lists the API keys of a user or a client. Without `API_KEYS` there are none. */
export async function findApiKeys(service: AdminService, owner: ApiKeyOwner): Promise<Result<ApiKeyList>> {
  const list = await service.listApiKeys(owner);
  return !list.ok && list.code === "not_found" ? ok({ api_keys: [] }) : list;
}

/** The API keys of a user or a client. Nothing if there are none. */
export const ApiKeys = ({ t, keys, timeOf, actOf }: ApiKeysProps) =>
  keys.length === 0 ? null : (
    <section class="card">
      <h2>{t.apiKeys.title}</h2>
      <ul class="rows">
        {keys.map((key) => (
          <Row
            title={key.name}
            value={
              <>
                {fillIn(t.apiKeys.created, { when: timeOf(key.created_at) })} ·{" "}
                {key.last_used_at ? fillIn(t.apps.used, { when: timeOf(key.last_used_at) }) : t.passkeys.neverUsed}
              </>
            }
            more={key.expires_at ? fillIn(t.apiKeys.expires, { when: timeOf(key.expires_at) }) : t.apiKeys.endless}
            details={<p class="soft">{key.scopes.join(" ")}</p>}
          >
            {actOf(key)}
          </Row>
        ))}
      </ul>
    </section>
  );
