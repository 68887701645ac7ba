/**
 * Forms that arrive after their session has ended: they do nothing, and their user signs in and
 * comes back to the form. What was typed waits in a cookie, without secrets, and only for the user
 * to whom the form was shown.
 */
import type { Context } from "hono";
import { readForm } from "../http/body.ts";
import { dropPageCookie, pageCookie, setPageCookie } from "../http/page-cookies.ts";

const COOKIE = "unsent_form";

const TTL_SECONDS = 1800;

/** Browsers drop cookies of more than 4096 bytes. */
const MAX_LENGTH = 3500;

const SECRET = /password|otp|code|credential|token|form_id/;

/** Redirects the sender of a form to sign in, and from there back to the form with this action. */
export async function askToSendAgain(c: Context, action: string) {
  const { pathname, searchParams } = new URL(action, c.req.url);
  const typed = Object.entries((await readForm(c)) ?? {}).filter(([name]) => !SECRET.test(name));
  const user = searchParams.get("user") ?? "";
  const kept = `${new URLSearchParams([...typed, ["user", user], ["path", pathname]])}`;
  if (encodeURIComponent(kept).length <= MAX_LENGTH) setPageCookie(c, COOKIE, kept, TTL_SECONDS);
  const query = { notice: "unsent", return_to: `${pathname}?notice=unsent` };
  return c.redirect(`/sign-in?${new URLSearchParams(query)}`, 303);
}

/** Tests whether the user has come back to an unsent form. */
export const isUnsent = (c: Context): boolean => c.req.query("notice") === "unsent";

/** Returns what this user typed into the form of this page, once. */
export function takeUnsent(c: Context, userId: string): Record<string, string> {
  const { user, path, ...values } = Object.fromEntries(new URLSearchParams(pageCookie(c, COOKIE)));
  dropPageCookie(c, COOKIE);
  return user === userId && path === c.req.path ? values : {};
}
