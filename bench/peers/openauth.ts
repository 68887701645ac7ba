// OpenAuth as its documentation sets it up for Workers: everything in KV, a form for the password.
import { issuer } from "@openauthjs/openauth";
import { PasswordProvider } from "@openauthjs/openauth/provider/password";
import { CloudflareStorage } from "@openauthjs/openauth/storage/cloudflare";
import { createSubjects } from "@openauthjs/openauth/subject";
import { PasswordUI } from "@openauthjs/openauth/ui/password";

export interface PeerEnv {
  SESSIONS: KVNamespace;
}

const subjects = createSubjects({
  user: {
    "~standard": { version: 1, vendor: "bench", validate: (value: unknown) => ({ value: value as { email: string } }) },
  },
});

/** KV refuses what is to live less than a minute, and it rounds the minute that codes live down now and then. */
const lasting = (storage: ReturnType<typeof CloudflareStorage>) => ({
  ...storage,
  set: (key: string[], value: unknown, expiry?: Date) =>
    storage.set(key, value, expiry && new Date(Math.max(expiry.getTime(), Date.now() + 61_000))),
});

/** For each request, as documented: what one keeps of a request's may not serve another. */
const make = (env: PeerEnv) =>
  issuer({
    subjects,
    storage: lasting(CloudflareStorage({ namespace: env.SESSIONS as never })),
    // The code to verify an address, where the client can read it.
    providers: {
      password: PasswordProvider(
        PasswordUI({
          async sendCode(email, code) {
            codes.set(email, code);
          },
        }),
      ),
    },
    success: async (ctx, value) => ctx.subject("user", { email: value.email }),
  });

const codes = new Map<string, string>();

export default {
  fetch(request: Request, env: PeerEnv, context: ExecutionContext) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/bench/code") return new Response(codes.get(searchParams.get("email") ?? ""));
    return make(env).fetch(request, env, context);
  },
};
