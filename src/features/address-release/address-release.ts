/**
 * Release of an address: the person who controls a mailbox or a number removes it from an account
 * that never proved it. The link goes to the address itself, in place of what was requested.
 */
import * as z from "zod/mini";
import { afterCommit, newNotice } from "../../auth/after-commit.ts";
import { findOpenLink } from "../../auth/links.ts";
import type * as contract from "../../contract/requests.ts";
import type { Deps } from "../../deps.ts";
import { err, ok, type Result } from "../../result.ts";
import type { RequestFields } from "../../schemas/contract-fields.ts";
import { LinkToken } from "../../schemas/tokens.ts";
import { releaseAddress } from "../../storage/address-removal.ts";
import { addressKindOf } from "../../storage/addresses.ts";

export const ReleaseAddress = z.strictObject({
  token: LinkToken,
} satisfies RequestFields<contract.ReleaseAddress>);

/** Finds the link with this token that can still be used. */
export const findReleaseLink = (deps: Deps, token: string) => findOpenLink(deps, "address-release-link", token);

/**
 * Removes the address that the link was sent to from its account. The link works once. Errors:
 * `invalid_token`, also if the address has been verified meanwhile.
 */
export async function release(deps: Deps, { token }: z.infer<typeof ReleaseAddress>): Promise<Result> {
  const link = await findReleaseLink(deps, token);
  if (!link) return err("invalid_token");

  const { userId, address } = link;
  const kind = addressKindOf(address);
  const notice = newNotice(deps, `${kind}-removed`, userId);
  // The person who follows the link is not of this account: nothing tells its owner who and where.
  const audit = { ...deps.audit(), ip: null, userAgent: null };
  if (!(await releaseAddress(deps.db, link, notice, audit))) return err("invalid_token");

  afterCommit(deps, { event: `${kind}_removed`, userId, notice });
  return ok();
}
