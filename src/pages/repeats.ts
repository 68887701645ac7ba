/**
 * Equal posts of one form, such as those of a double click, are one act: the second post waits for
 * the first one and gets its answer, with its cookies. Only a success is shared: the repeat of a
 * refused post acts again.
 *
 * The answers are in the memory of the isolate, which usually gets all posts of a browser. A post
 * that reaches another isolate acts by itself, so no promise may depend on this.
 */
import type { Context } from "hono";
import { hmac } from "../crypto/hmac.ts";
import type { AppEnv } from "../http/app-env.ts";
import { deviceCookie } from "../http/device-cookie.ts";
import { pageCookie } from "../http/page-cookies.ts";
import type { Err } from "../result.ts";

const TTL_MILLISECONDS = 10_000;
const WAIT_MILLISECONDS = 50;
const MAX_WAITS = 100;

interface Post {
  startedAt: number;
  /** Undefined until the act has ended, null if it was refused. */
  answer?: Response | null;
}

/** The pages whose answer may be a session. */
const SIGNING_IN = /^\/(sign-in|verify)\b/;

/** Posts by digest, oldest first. */
const posts = new Map<string, Post>();

/**
 * Performs the act of a post, or returns the answer of an equal one. `form_id` names one rendering
 * of a form, which only its browser knows. Posts without it, as scripts send them, all act.
 */
export async function actOnce<E extends AppEnv>(
  c: Context<E>,
  values: Record<string, string>,
  act: () => Promise<Response | Err>,
): Promise<Response | Err> {
  if (!values["form_id"]) return act();

  forgetOld(c.var.deps.now());
  const key = keyOf(c, values);
  const answer = await answerOf(posts.get(key));
  if (answer) return repeat(c, answer);

  const post: Post = { startedAt: c.var.deps.now() };
  posts.set(key, post);
  const acting = act()
    .then((done) => {
      // A page cannot be shared: its repeat acts again.
      if (done instanceof Response && done.headers.has("location")) post.answer = done;
      return done;
    })
    .finally(() => {
      post.answer ??= null;
      if (!post.answer) posts.delete(key);
    });
  // A browser hangs up on the first post when it sends the second one.
  c.var.deps.waitUntil(acting.catch(() => undefined));
  return acting;
}

/**
 * Keyed, because the values are passwords and codes too. A browser that got the answer of a sign-in
 * has another device token: its next sign-in is no repeat, because the session may have ended. The
 * cookies that a sign-in relies on are part of the key: nobody else may repeat it.
 */
function keyOf<E extends AppEnv>(c: Context<E>, values: Record<string, string>): string {
  const cookies = SIGNING_IN.test(c.req.path)
    ? [deviceCookie(c), pageCookie(c, "login_token"), pageCookie(c, "registration")]
    : [];
  return hmac(c.var.deps.config.PEPPER[0], [c.req.url, JSON.stringify([values, ...cookies])]).toString("base64url");
}

/**
 * Waits for the answer of a post. Returns undefined if it failed or takes too long. Polls, because
 * a request must not await a promise of another one.
 */
async function answerOf(post: Post | undefined): Promise<Response | null | undefined> {
  for (let n = 0; post && post.answer === undefined && n < MAX_WAITS; n++) await scheduler.wait(WAIT_MILLISECONDS);
  return post?.answer;
}

/** Answers as an equal post did: all shared answers are redirects. */
function repeat(c: Context, { headers }: Response): Response {
  for (const cookie of headers.getSetCookie()) c.header("Set-Cookie", cookie, { append: true });
  return c.redirect(headers.get("location") ?? "/", 303);
}

function forgetOld(now: number) {
  for (const [key, { startedAt }] of posts) {
    if (startedAt + TTL_MILLISECONDS > now) return;
    posts.delete(key);
  }
}
