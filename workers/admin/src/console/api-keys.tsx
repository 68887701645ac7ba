import type { Child } from "hono/jsx";
import type { ApiKey } from "../../../../src/contract/api-keys.ts";
import { Row } from "../../../../src/pages/rows.tsx";
import { fillIn } from "../../../../src/pages/time.tsx";
import type { Words } from "../locales/locales.ts";

interface ApiKeysProps {
  t: Words;
  keys: ApiKey[];
  timeOf: (iso: string) => Child;
  /** The button that revokes a key. */
  actOf: (key: ApiKey) => Child;
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
