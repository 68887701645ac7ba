/** One file of each system that accounts come from, as its own export writes it. */

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** 32 bytes. */
export const KEY = "c29tZWtleXNvbWVrZXlzb21la2V5c29tZWtleTAxMjM";
export const BCRYPT = "$2b$10$Z6hUTEEeoJXN5/AmSm/4.eZ75RYgFVriQM9LPhNEC7kbAbS/VAaJ2";

export const FIREBASE_CONFIG = `hash_config {
  algorithm: SCRYPT,
  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}`;

export const AUTH0 = `${[
  {
    _id: { $oid: "60425dc43519d90068f82973" },
    email_verified: true,
    email: "ann@example.com",
    passwordHash: BCRYPT,
    password_set_date: { $date: "2021-03-05T16:35:16.775Z" },
    tenant: "acme",
    connection: "Username-Password-Authentication",
    _tmp_is_unique: true,
  },
  {
    user_id: "google-oauth2|1046",
    email: "bob@example.com",
    email_verified: true,
    given_name: "Bob",
    created_at: "2020-05-01T10:20:30.000Z",
    blocked: true,
    identities: [{ provider: "google-oauth2", user_id: "1046", connection: "google-oauth2", isSocial: true }],
  },
]
  .map((line) => JSON.stringify(line))
  .join("\n")}\n`;

export const BETTER_AUTH = json([
  {
    id: "Vz1S0sZ3Xv",
    name: "Ann Lee Doe",
    email: "ann@example.com",
    emailVerified: 1,
    role: "user,admin",
    createdAt: 1_588_328_430_000,
    updatedAt: "2020-05-02 10:20:30",
    accounts: [
      { providerId: "credential", accountId: "Vz1S0sZ3Xv", password: `${"0a".repeat(16)}:${"0b".repeat(64)}` },
      { providerId: "github", accountId: "583231", password: null },
      { providerId: "discord", accountId: "80351110224678912", password: null },
    ],
  },
]);

export const CLERK = `id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher
user_2aB,Ann,"Lee, ""PhD""",ann,ann@example.com,+12025550123,ann@example.com,,,+12025550123,JBSWY3DPEHPK3PXP,${BCRYPT},bcrypt\r
user_2aC,,,,,,,bob@example.com,,,,,
`;

export const DJANGO = json([
  { model: "auth.group", pk: 1, fields: { name: "staff", permissions: [] } },
  {
    model: "auth.user",
    pk: 7,
    fields: {
      password: "pbkdf2_sha256$600000$5YtQVSeXaRRhBZWkbBBTWs$3kOUcTOA1bJOvhVkHfOT0hb3yUoJgeBGY8nCJpCGc/0=",
      last_login: null,
      is_superuser: true,
      username: "ann",
      first_name: "Ann",
      last_name: "",
      email: "ann@example.com",
      is_staff: true,
      is_active: false,
      date_joined: "2020-05-01T10:20:30.123Z",
      groups: [1],
      user_permissions: [],
    },
  },
  { model: "auth.user", pk: 8, fields: { password: `bcrypt$${BCRYPT}`, username: "bob@example.com", email: "" } },
  { model: "auth.user", pk: 9, fields: { password: "!unusable", username: "cem", email: "" } },
  {
    model: "auth.user",
    pk: 11,
    fields: {
      password: `scrypt$pepper$16384$8$5$c29tZWtleXNvbWVrZXlzb21la2V5c29tZWtleTAxMjM=`,
      username: "dee",
      email: "",
    },
  },
  { model: "auth.user", pk: 10, fields: { password: "md5$a$b", username: "old", email: "" } },
]);

const FIREBASE_HASH = `${"lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ"}==`;

export const FIREBASE = json({
  users: [
    {
      localId: "7zGdq1DRFrXfTBtF8Rk2nTp4zTy1",
      email: "ann@example.com",
      emailVerified: true,
      passwordHash: FIREBASE_HASH,
      salt: "42xEC+ixf3L2lw==",
      displayName: "Ann Doe",
      createdAt: "1588328430000",
      lastSignedInAt: "1588328430000",
      providerUserInfo: [{ providerId: "google.com", rawId: "1046", email: "ann@gmail.com", displayName: "Ann" }],
    },
    { localId: "phone1", phoneNumber: "+12025550123", createdAt: "1588328430000", providerUserInfo: [] },
  ],
});

const keycloakHash = (algorithm: string, hashIterations: number, additionalParameters = {}) => ({
  id: "f0a2",
  type: "password",
  createdDate: 1_588_328_430_000,
  secretData: JSON.stringify({
    value: "c29tZWtleXNvbWVrZXlzb21la2V5c29tZWtleTAxMjM=",
    salt: "c29tZXNhbHQ=",
    additionalParameters: {},
  }),
  credentialData: JSON.stringify({ hashIterations, algorithm, additionalParameters }),
});

const ARGON2 = { hashLength: ["32"], memory: ["7168"], type: ["id"], version: ["1.3"], parallelism: ["1"] };

const keycloakOtp = (more: object) => ({
  id: "f0a3",
  type: "otp",
  userLabel: "Phone",
  createdDate: 1_588_328_430_000,
  secretData: JSON.stringify({ value: "12345678901234567890" }),
  credentialData: JSON.stringify({
    subType: "totp",
    digits: 6,
    counter: 0,
    period: 30,
    algorithm: "HmacSHA1",
    ...more,
  }),
});

export const KEYCLOAK = json({
  realm: "acme",
  roles: { realm: [{ name: "editor", users: [{ id: "not-a-user" }] }] },
  users: [
    {
      id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f11",
      username: "ann",
      email: "ann@example.com",
      emailVerified: true,
      enabled: true,
      firstName: "Ann",
      lastName: "{Doe}",
      createdTimestamp: 1_588_328_430_000,
      totp: true,
      attributes: { locale: ["de"] },
      credentials: [keycloakHash("argon2", 5, ARGON2), keycloakOtp({})],
      realmRoles: ["editor", "default-roles-acme", "offline_access"],
      federatedIdentities: [{ identityProvider: "google", userId: "1046", userName: "ann@gmail.com" }],
    },
    {
      id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f12",
      username: "bob@example.com",
      email: "bob@example.com",
      enabled: false,
      credentials: [keycloakHash("pbkdf2-sha512", 210_000)],
    },
    { id: "3f0c", username: "service-account-api", serviceAccountClientId: "api", enabled: true },
    { id: "3f0d", username: "eight", enabled: true, credentials: [keycloakOtp({ digits: 8 })] },
  ],
  clients: [{ clientId: "api" }],
});

export const KRATOS = json([
  {
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f11",
    credentials: {
      password: { type: "password", identifiers: ["ann@example.com"], config: { hashed_password: BCRYPT } },
      totp: { type: "totp", config: { totp_url: "otpauth://totp/acme:ann?issuer=acme&secret=JBSWY3DPEHPK3PXP" } },
      oidc: { type: "oidc", config: { providers: [{ subject: "1046", provider: "google" }] } },
    },
    schema_id: "default",
    state: "inactive",
    state_changed_at: "2021-05-01T10:20:30Z",
    traits: { email: "ann@example.com", name: { first: "Ann", last: "Doe" } },
    verifiable_addresses: [
      { value: "ann@example.com", verified: true, via: "email", verified_at: "2020-05-02T10:20:30Z" },
    ],
    created_at: "2020-05-01T10:20:30.123456Z",
    updated_at: "2020-05-01T10:20:30.123456Z",
  },
  {
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f12",
    credentials: {
      password: {
        config: {
          hashed_password: "$pbkdf2-sha256$i=100000,l=32$c29tZXNhbHQ$c29tZWtleXNvbWVrZXlzb21la2V5c29tZWtleTAxMjM",
        },
      },
    },
    traits: { email: "bob@example.com" },
    verifiable_addresses: [{ value: "bob@example.com", verified: false, via: "email" }],
  },
]);

export const SUPABASE = `${[
  {
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f11",
    aud: "authenticated",
    role: "authenticated",
    email: "ann@example.com",
    encrypted_password: BCRYPT.replace("2b", "2a"),
    email_confirmed_at: "2020-05-02T10:20:30.123456+00:00",
    phone: "12025550123",
    phone_confirmed_at: null,
    raw_user_meta_data: { full_name: "Ann Doe", email_verified: true },
    created_at: "2020-05-01T10:20:30.123456+00:00",
    updated_at: "2020-05-01 10:20:30.123456+00",
    is_anonymous: false,
    identities: [
      { provider: "email", provider_id: "3f0c", identity_data: { email: "ann@example.com" } },
      { provider: "google", provider_id: "1046", identity_data: { email: "ann@gmail.com", sub: "1046" } },
    ],
    factors: [{ factor_type: "totp", status: "verified", secret: "JBSWY3DPEHPK3PXP" }],
  },
  { id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f12", email: "", is_anonymous: true },
  {
    id: "3f0c2f52-9a3e-4f9c-8a44-7d1f7a3f4f13",
    email: "bob@example.com",
    encrypted_password: `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=c2lnbmVyc2lnbmVyc2lnbmVy$c29tZXNhbHQ=$c29tZWtleXNvbWVrZXlzb21la2V5c29tZWtleTAxMjM=`,
  },
]
  .map((line) => JSON.stringify(line))
  .join("\n")}\n`;

export const FIREBASE_PHC = `$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw$Bw$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA$${FIREBASE_HASH.replace("==", "")}`;
