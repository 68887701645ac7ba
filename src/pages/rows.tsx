/** The rows of a list of settings, and their buttons. */
import type { Child, PropsWithChildren } from "hono/jsx";

interface RowProps {
  title: Child;
  value?: Child;
  badges?: Child;
  /** A second line. */
  more?: Child;
  /** Lists below. */
  details?: Child;
}

/** A row of settings. Its children are its buttons. */
export const Row = ({ title, value, badges, more, details, children }: PropsWithChildren<RowProps>) => (
  <li>
    <div class="value">
      <p class="title">
        {title} {badges}
      </p>
      {value && <p class="soft">{value}</p>}
      {more && <p class="soft">{more}</p>}
      {details}
    </div>
    {children && <div class="acts">{children}</div>}
  </li>
);

interface ActProps {
  href: string;
  /** The full text, for those who do not see the row. */
  label: string;
  /** The visible part of it. Default: all. */
  text?: string;
  danger?: boolean | undefined;
}

export const Act = ({ href, label, text = label, danger }: ActProps) => (
  <a class={`button secondary small${danger ? " danger" : ""}`} href={href} aria-label={label}>
    {text}
  </a>
);
