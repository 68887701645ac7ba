/** The states of pages that apps lead to, and of those about apps. */
import type { ApiKey } from "../contract/api-keys.ts";
import type { Grant } from "../contract/grants.ts";
import { showApiKeys } from "../features/api-keys/page.tsx";
import { showApps } from "../features/oauth/apps-page.tsx";
import { showConsent, showLeaving, showRefusal } from "../features/oauth/authorize-page.tsx";
import { showLogout } from "../features/oauth/logout-page.tsx";
import { err } from "../result.ts";
import { form, type Sample, type SampleContext, view } from "./sample.ts";
import { ago, DAY, EMAIL, HOUR, USER_ID } from "./sample-data.ts";

const settings = {
  API_KEYS: "on" as const,
  OAUTH_SCOPES: [
    { name: "notes:read", description: { en: "Read your notes", de: "Ihre Notizen lesen" } },
    { name: "notes:write", description: { en: "Change and delete your notes", de: "Ihre Notizen ändern und löschen" } },
  ],
};

/** As long as a name can be. */
const LONG_NAME = "Donaudampfschifffahrtsgesellschaft Reiseplaner für Familien!";

/** Apps with access: third-party, first-party, with a long name, and no longer usable. */
const grants = (): Grant[] => [
  {
    client_id: "acme-mobile",
    client_name: "Acme Mobile",
    first_party: true,
    permissions: [{ resource: null, scopes: ["openid", "offline_access"], granted_at: ago(9 * DAY) }],
    last_used_at: ago(2 * DAY),
  },
  {
    client_id: "notes",
    client_name: "Notes",
    first_party: false,
    permissions: [
      { resource: null, scopes: ["openid", "profile", "email"], granted_at: ago(40 * DAY) },
      {
        resource: "https://notes.example.com/mcp",
        scopes: ["notes:read", "notes:write", "offline_access"],
        granted_at: ago(3 * DAY),
      },
    ],
    last_used_at: ago(HOUR),
  },
  {
    client_id: "long",
    client_name: LONG_NAME,
    first_party: false,
    permissions: [{ resource: null, scopes: ["openid"], granted_at: ago(200 * DAY) }],
    last_used_at: null,
  },
];

const USER = { id: USER_ID, name: EMAIL };
const CALLBACK = "https://notes.example.com/callback";

interface Asked {
  name?: string;
  firstParty?: boolean;
  kind?: "registered" | "dynamic";
  redirectUri?: string;
  scopes?: string[];
  resource?: string;
}

/** API keys: used, unused without an end, and expired. */
const apiKeys = (): ApiKey[] => [
  {
    id: "backup",
    name: "Backup script",
    scopes: ["notes:read"],
    created_at: ago(40 * DAY),
    expires_at: ago(-50 * DAY),
    last_used_at: ago(HOUR),
  },
  {
    id: "import",
    name: "Import from the old server",
    scopes: ["notes:read", "notes:write"],
    created_at: ago(3 * DAY),
    expires_at: null,
    last_used_at: null,
  },
  {
    id: "old",
    name: LONG_NAME,
    scopes: ["notes:read"],
    created_at: ago(100 * DAY),
    expires_at: ago(10 * DAY),
    last_used_at: ago(11 * DAY),
  },
];

const NEW_KEY = `gh_3fA9xQ0bZk7LmN2p_${"9sVb2Kc7RtY0mPqLw4XzEu6HdJ1nGf3AiOyTkM8BvSrxCWh5N"}`;

/** The question of an app. */
const consent = (asked: Asked): Sample => {
  const { name = "Notes", firstParty = false, kind = "registered", redirectUri = CALLBACK } = asked;
  const { scopes = ["openid", "email"], resource } = asked;
  const request = {
    clientId: "notes",
    redirectUri,
    state: undefined,
    codeChallenge: "",
    nonce: null,
    scopes,
    resource,
    prompts: [],
    maxAge: undefined,
    wantsMultiFactor: false,
    loginHint: undefined,
  };
  const question = { client: { id: "notes", name, firstParty, kind }, request, user: USER };
  return view("/oauth/authorize", (c) => showConsent(c, new URLSearchParams(), question));
};

const ALL = ["openid", "profile", "email", "phone", "offline_access", "notes:read", "notes:write"];

/** The page at the end of a form of ours, without what makes it move on. */
async function leaving(c: SampleContext) {
  const page = await showLeaving(c, { url: CALLBACK, client: "Notes" });
  page.headers.delete("Refresh");
  return page;
}

const samples = (): Record<string, Sample> => ({
  consent: consent({}),
  "consent-unchecked": consent({ kind: "dynamic" }),
  "consent-many": consent({ scopes: ALL, resource: "https://notes.example.com/mcp" }),
  "consent-local": consent({
    name: "Notes CLI",
    redirectUri: "http://127.0.0.1/callback",
    scopes: ["openid", "offline_access", "notes:read"],
  }),
  "consent-first-party": consent({ name: "Acme Mobile", firstParty: true, redirectUri: "com.acme.mobile:/callback" }),
  "consent-long": consent({
    name: LONG_NAME,
    redirectUri: `https://${"a-long-name.".repeat(6)}example.com/`,
    scopes: ALL,
  }),
  "consent-nothing": consent({ scopes: [] }),
  "oauth-unknown-client": view("/oauth/authorize", (c) => showRefusal(c, err("unknown_client"))),
  "oauth-leaving": view("/oauth/consent", leaving),
  apps: view("/account/apps", (c) => showApps(c, grants())),
  "apps-none": view("/account/apps?notice=removed", (c) => showApps(c, [])),
  "app-remove": form("/account/apps/remove", { id: "notes", name: "Notes" }),
  "api-keys": view("/account/api-keys", (c) => showApiKeys(c, apiKeys())),
  "api-keys-new": view("/account/api-keys", (c) => showApiKeys(c, apiKeys().slice(0, 1), NEW_KEY)),
  "api-keys-none": view("/account/api-keys?notice=revoked", (c) => showApiKeys(c, [])),
  "api-key-create": form("/account/api-keys/create", { expires_in: "7776000" }),
  "api-key-create-refused": form(
    "/account/api-keys/create",
    { expires_in: "7776000", name: "Backup script", password: "" },
    err("invalid_request", [{ path: "scopes", code: "too_short", message: "" }]),
  ),
  "api-key-revoke": form("/account/api-keys/revoke", { id: "backup", name: "Backup script" }),
  "oauth-logout": view("/oauth/logout", (c) => showLogout(c, new URLSearchParams(), { user: USER, client: "Notes" })),
  "oauth-logout-unknown": view("/oauth/logout", (c) =>
    showLogout(c, new URLSearchParams(), { user: USER, client: undefined }),
  ),
});

export const oauthSamples = (): Record<string, Sample> =>
  Object.fromEntries(
    Object.entries(samples()).map(([name, sample]) => [
      name,
      { ...sample, settings: { ...sample.settings, ...settings } },
    ]),
  );
