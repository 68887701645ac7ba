/** OpenAuth, set up for Workers as its documentation says: everything in KV, a password form. */
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

/** KV rejects lifetimes under 60 s. OpenAuth sets 60 s for codes, and rounding can make it less. */
const lasting = (storage: ReturnType<typeof CloudflareStorage>) => ({
  ...storage,
  set: (key: string[], value: unknown, expiry?: Date) =>
    storage.set(key, value, expiry && new Date(Math.max(expiry.getTime(), Date.now() + 61_000))),
});

/** Creates an issuer per request, as documented: I/O objects must not be shared by requests. */
const make = (env: PeerEnv) =>
  issuer({
    subjects,
    storage: lasting(CloudflareStorage({ namespace: env.SESSIONS as never })),
    // Exposes the verification code to the benchmark.
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
