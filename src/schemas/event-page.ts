import * as z from "zod/mini";
import type { EventCursor, EventRow } from "../storage/events.ts";
import { optionalOr } from "./optional.ts";

const MAX_PAGE = 100;
/** The number of items on a page. */
export const PageSize = z.int().check(z.minimum(1), z.maximum(MAX_PAGE));
export const DEFAULT_PAGE = 50;

/** A cursor before the newest event. */
const NEWEST = "999999999999999.0";

/** The `next_cursor` of the previous page of events: the time and id of its last one. */
export const EventPosition = z.pipe(
  optionalOr(z.string().check(z.regex(/^\d{1,15}\.\d{1,15}$/, "Must be a `next_cursor`.")), NEWEST),
  z.transform((text): EventCursor => {
    const [createdAt = 0, id = 0] = text.split(".").map(Number);
    return { createdAt, id };
  }),
);

const FEED_MESSAGE = "Must be a `next`, or a time in ISO 8601.";

/** Where to continue in a feed: `next` of the page before, or a time. The beginning by default. */
export const FeedPosition = z.pipe(
  z.pipe(
    optionalOr(z.string().check(z.regex(/^\d{1,16}$|^\d{4}-\d\d-\d\dT/, FEED_MESSAGE)), "0"),
    z.transform((text) => (text.includes("T") ? Date.parse(text) * 1000 : Number(text))),
  ),
  z.number(FEED_MESSAGE),
);

/** Splits `limit + 1` rows of a feed into a page and where to continue. */
export function toFeedPage<Row extends { sequence: number | null }>(rows: Row[], limit: number, since: number) {
  const page = rows.slice(0, limit);
  return { page, next: String(page.at(-1)?.sequence ?? since), more: rows.length > limit };
}

/** Splits `limit + 1` rows into a page and the cursor of the next one, null on the last page. */
export function toEventPage(rows: EventRow[], limit: number): { page: EventRow[]; nextCursor: string | null } {
  const last = rows[limit - 1];
  return {
    page: rows.slice(0, limit),
    nextCursor: rows.length > limit && last ? `${last.createdAt}.${last.id}` : null,
  };
}
