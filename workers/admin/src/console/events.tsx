import type { Child } from "hono/jsx";
import type { AccountEvent, EventType } from "../../../../src/contract/events.ts";
import { fill } from "../../../../src/locales/fill.ts";
import { EventRow } from "../../../../src/pages/event-row.tsx";
import { fillIn } from "../../../../src/pages/time.tsx";
import { deviceOf } from "../../../../src/schemas/device.ts";
import type { Words } from "../locales/locales.ts";
import { pathOfUser } from "./users-page.tsx";

/** Events that an administrator should look at. */
const FAILURES: EventType[] = [
  "login_failed",
  "reauthentication_failed",
  "second_factor_failed",
  "second_factor_locked",
  "refresh_token_reused",
  "refresh_token_replayed",
  "authorization_code_reused",
  "message_withheld",
];

interface EventsProps {
  t: Words;
  events: AccountEvent[];
  timeOf: (iso: string) => Child;
}

/** The events of an account, and who acted. */
export const Events = ({ t, events, timeOf }: EventsProps) => (
  <ul class="rows">
    {events.map((event) => (
      <EventRow
        t={t}
        type={event.type}
        isFailure={FAILURES.includes(event.type)}
        device={event.user_agent ? deviceOf(event.user_agent) : null}
        ip={event.ip}
        time={timeOf(event.created_at)}
      >
        <Actor t={t} event={event} />
      </EventRow>
    ))}
  </ul>
);

function Actor({ t, event: { administrator, reason, caller } }: { t: Words; event: AccountEvent }) {
  const { administrator: by, caller: from, reason: why } = t.admin.event;
  if (!administrator) return caller ? <p class="soft">{fill(from, { name: caller })}</p> : null;
  return (
    <p class="soft">
      {fillIn(by, { id: <a href={pathOfUser(administrator)}>{administrator}</a> })}
      {reason && <> · {fill(why, { reason })}</>}
    </p>
  );
}
