/** Pages that move on by themselves. Their button is for browsers that do not. */
import type { Context } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { showPage, translations } from "./page.tsx";

/** Renders a page that moves on to another address. */
export function moveOn<E extends AppEnv>(
  c: Context<E>,
  { url, title, link }: { url: string; title: string; link: string },
) {
  c.header("Refresh", `0;url=${url}`);
  const children = (
    <a class="button" href={url}>
      {link}
    </a>
  );
  return showPage(c, { title, children });
}

/**
 * Moves on to the same request. Browsers send no `Strict` cookies with a navigation that another
 * site began, but do with one that begins here.
 */
export async function comeAgain<E extends AppEnv>(c: Context<E>, url: string) {
  return moveOn(c, { url, ...(await translations(c)).login.continue });
}
