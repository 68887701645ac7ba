import type { Child } from "hono/jsx";
import type { EventType } from "../contract/events.ts";
import type { Device } from "../contract/session.ts";
import type { PageMessages } from "../locales/locales.ts";
import { describeDevice } from "./texts.ts";

interface EventRowProps {
  t: PageMessages;
  type: EventType;
  isFailure: boolean;
  /** Null if it is unknown. */
  device: Device | null;
  ip: string | null;
  time: Child;
  children?: Child;
}

/** One event of an account, and where it came from as far as that is known. */
export const EventRow = ({ t, type, isFailure, device, ip, time, children }: EventRowProps) => (
  <li class={isFailure ? "event failure" : "event"}>
    <div class="value">
      <p class="title">{t.events.byType[type]}</p>
      <p class="soft">
        {[device && describeDevice(t, device), ip]
          .filter(Boolean)
          .map((part) => `${part}\u00a0· `)
          .join("")}
        {time}
      </p>
      {children}
    </div>
  </li>
);
