import type { Child } from "hono/jsx";
import { fill } from "../locales/fill.ts";
import type { PageMessages } from "../locales/locales.ts";
import { Row } from "./rows.tsx";
import { describeDevice } from "./texts.ts";

interface DeviceRowProps {
  t: PageMessages;
  item: { id: string; device: { browser: string | null; os: string | null }; ip: string | null };
  /** The name of the app on it, if it is not the browser. */
  app?: string | undefined;
  /** Whether it is the device of this request. */
  current: boolean;
  /** When it was used. */
  used: Child;
  more: Child;
  /** Where the button sends the id. */
  action: string;
  /** Text of the button. */
  submit: string;
}

/** A device in a list, and the button that ends what it may do. */
export function DeviceRow({ t, item: { id, device, ip }, app, current, used, more, action, submit }: DeviceRowProps) {
  const name = [app, describeDevice(t, device)].filter(Boolean).join(" · ");
  const label = fill(t.common.labeled, { label: submit, value: [name, ip].filter(Boolean).join(", ") });
  return (
    <Row
      title={name}
      badges={current && <span class="badge success">{t.sessions.thisDevice}</span>}
      value={[used, ip && `\u00a0· ${ip}`]}
      more={more}
    >
      <form method="post" action={action}>
        <input type="hidden" name="id" value={id} />
        <button type="submit" class="secondary small" aria-label={label}>
          {submit}
        </button>
      </form>
    </Row>
  );
}
