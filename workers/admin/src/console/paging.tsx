import type { Context } from "hono";

interface PagesProps {
  c: Context;
  /** The `next_cursor` of the list. */
  next: string | null;
  texts: { previous: string; next: string };
}

/**
 * The links to the pages beside this one. A list is read in one direction, so the address of a page
 * carries the cursors of those before it.
 */
export function Pages({ c, next, texts }: PagesProps) {
  const { cursor, trail, notice: _, ...query } = c.req.query();
  const passed = trail?.split(" ") ?? [];
  const linkTo = (place: Record<string, string | undefined>) => {
    const given = Object.entries({ ...query, ...place }).filter((pair): pair is [string, string] => Boolean(pair[1]));
    return given.length > 0 ? `${c.req.path}?${new URLSearchParams(given)}` : c.req.path;
  };
  if (!cursor && !next) return null;
  return (
    <p class="links">
      {cursor && (
        <a
          class="button secondary small"
          href={linkTo({ cursor: passed.at(-1), trail: passed.slice(0, -1).join(" ") })}
        >
          {texts.previous}
        </a>
      )}
      {next && (
        <a
          class="button secondary small"
          href={linkTo({ cursor: next, trail: [...passed, cursor].filter(Boolean).join(" ") })}
        >
          {texts.next}
        </a>
      )}
    </p>
  );
}
