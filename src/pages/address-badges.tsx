import type { AddressKind } from "../contract/identifiers.ts";
import type { User } from "../contract/user.ts";
import type { PageMessages } from "../locales/locales.ts";

/** Whether an address is verified, and whether it is the preferred one. */
export const AddressBadges = ({ t, user, kind }: { t: PageMessages; user: User; kind: AddressKind }) => {
  const { verified, notVerified, preferred } = t.account;
  const isVerified = user[`${kind}_verified`];
  return (
    <>
      <span class={isVerified ? "badge success" : "badge"}>{isVerified ? verified : notVerified}</span>{" "}
      {user.contact === kind && <span class="badge">{preferred}</span>}
    </>
  );
};
