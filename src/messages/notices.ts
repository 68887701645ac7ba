import type { NoticeKind } from "../contract/messages.ts";
import type { Deps } from "../deps.ts";
import type { NewNotice } from "../storage/notices.ts";

/** Creates a notice for an act to write with its change. */
export const newNotice = ({ requestContext }: Deps, kind: NoticeKind, userId: string): NewNotice => ({
  id: crypto.randomUUID(),
  kind,
  userId,
  locale: requestContext.locale ?? null,
});
