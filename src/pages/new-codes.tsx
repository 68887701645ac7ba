import type { PageMessages } from "../locales/locales.ts";

interface NewCodesProps {
  t: PageMessages;
  codes: string[];
  /** Where the user says that they are saved. */
  action: string;
}

/** New recovery codes, shown once. The script adds buttons that copy, download and print them. */
export const NewCodes = ({ t: { factors }, codes, action }: NewCodesProps) => (
  <>
    <p>{factors.codes.lead}</p>
    <ul
      class="codes"
      data-copy={factors.acts.copy}
      data-copied={factors.acts.copied}
      data-download={factors.acts.download}
      data-print={factors.acts.print}
    >
      {codes.map((code) => (
        <li>{code}</li>
      ))}
    </ul>
    <form method="post" action={action}>
      <button type="submit">{factors.codes.saved.submit}</button>
    </form>
  </>
);
