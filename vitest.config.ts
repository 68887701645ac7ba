import { existsSync, readFileSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { exampleSettings } from "./scripts/example-settings.ts";
import { writeLocales } from "./scripts/locales.ts";
import { drawSecrets } from "./scripts/secrets.ts";
import { publishProvider } from "./test/support/default-provider.ts";
import { ECHO } from "./test/support/echo.ts";
import { passwordVerifier } from "./test/support/password-verifier.ts";
import { PREVIOUS_RELEASE, previousRelease } from "./test/support/previous-release.ts";
import { startProvider } from "./test/support/provider-server.ts";
import { startUpstreams } from "./test/support/upstream-server.ts";

/** Attack data outside the project. Tests that need it are skipped if it is missing. */
const readVectors = (name: string) => {
  const file = `../shared/vectors/${name}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
};

const { FLOOD_REQUESTS = "720" } = process.env as { FLOOD_REQUESTS?: string };
/** The exploration of test/model. `npm run explore` sets them. */
const { MODEL_SECONDS = "20", MODEL_SEED = "17", MODEL_INVARIANTS = "", MODEL_FAILURES = "1" } = process.env;

const SPARE_DATABASES = Array.from({ length: 9 }, (_, n) => `SPARE_DB_${n}`);

const onNode = ["test/house.test.ts", "test/security.test.ts", "test/scripts/**/*.test.ts"];

// So that a single test sees an edited text without `npm run build`.
await writeLocales();

const upstreams = await startUpstreams();

/** Of one worker of vitest, so that its providers are its own. */
const createSettings = async () => ({
  // The defaults of every setting. They override `.dev.vars`.
  ...exampleSettings(),
  ...drawSecrets(),
  ISSUER: "https://auth.test",
  ALLOWED_ORIGINS: "https://app.test,https://admin.test",
  DEFAULT_COUNTRY: "EG",
  SMS_COUNTRIES: "US,EG",
  // Off by default. The table of routes has its routes.
  API_KEYS: "on",
  OAUTH_RESOURCES: "https://notes.example.com/api",
  OAUTH_SCOPES: JSON.stringify(
    ["notes:read", "notes:write"].map((name) => ({ name, description: { en: `Your ${name}` } })),
  ),
  // Empty, so that test/support/world.ts can make hashing cheap. test/crypto/password.test.ts tests the real
  // parameters and both engines.
  SCRYPT_PARAMS: "",
  SCRYPT_ENGINE: "node",
  // Tests reach no network. test/passwords/quality.test.ts tests the default.
  HIBP: "off",
  IDENTITY_PROVIDERS: await publishProvider(upstreams),
});

const workerd = cloudflareTest(async () => {
  const [settings, provider] = [await createSettings(), await startProvider()];
  return {
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      workers: [await passwordVerifier(), previousRelease(settings, provider), ECHO],
      serviceBindings: {
        PASSWORD_VERIFIER: "gatehouse-password-verifier",
        PREVIOUS_RELEASE: "previous-release",
        ECHO: ECHO.name,
      },
      // Extra databases, so that requests to copies of one database can run concurrently.
      d1Databases: SPARE_DATABASES,
      bindings: {
        // As `wrangler dev` builds it. test/scripts/bundle.test.ts tests what `wrangler deploy` builds.
        NODE_ENV: "development",
        ...settings,
        PROVIDER: provider,
        UPSTREAMS: upstreams,
        // test/growth.test.ts sends so many requests; `npm run flood` sends more.
        FLOOD_REQUESTS,
        MODEL_SECONDS,
        MODEL_SEED,
        MODEL_INVARIANTS,
        MODEL_FAILURES,
        MIGRATIONS: await readD1Migrations("./migrations"),
        LAST_RELEASED_MIGRATION: PREVIOUS_RELEASE.migration,
        WYCHEPROOF_JWS: readVectors("wycheproof-jws"),
        NAUGHTY_STRINGS: readVectors("naughty-strings"),
      },
    },
  };
});

export default defineConfig({
  test: {
    maxWorkers: "100%",
    // Each request logs a line.
    onConsoleLog: (log) => !log.startsWith('{"level":"info"'),
    projects: [
      {
        plugins: [workerd],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: [...onNode, "**/node_modules/**"],
          setupFiles: ["./test/support/setup.ts"],
          isolate: false,
          // A race of fifty hashes is slow on a busy machine.
          testTimeout: 60_000,
          // Bundled, because vitest's import wrappers make noble's inner loops ten times slower.
          deps: { optimizer: { ssr: { enabled: true, include: ["@noble/hashes/scrypt.js"] } } },
        },
      },
      {
        // Most of them start a service and a browser, which is slow on a busy machine.
        test: {
          name: "node",
          include: onNode,
          globalSetup: ["./test/support/prepare-clone.ts"],
          maxWorkers: "200%",
          hookTimeout: 300_000,
          testTimeout: 180_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
