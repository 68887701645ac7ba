/**
 * A review against OWASP ASVS 5.0, levels 1 and 2. `npm run asvs` writes `docs/asvs.md` from it, and
 * `test/security.test.ts` checks it.
 *
 * `how` cites tests as `file.test.ts` "title", relative to `test/`. Several titles may follow a
 * file.
 */
export interface Requirement {
  ids: string[];
  /** A short summary of what ASVS asks for. */
  asks: string;
  /** `false`: not in full. `how` says so: "Does not hold", "Out of scope" or "Does not apply". */
  holds: boolean | "out of scope";
  /** How it holds, and the test that shows it. Markdown. */
  how: string;
}

export interface Chapter {
  title: string;
  requirements: Requirement[];
  /** Markdown after the table. */
  note?: string;
}

export const CHAPTERS: Chapter[] = [
  {
    title: "V1 Encoding and sanitization",
    requirements: [
      {
        ids: ["1.1.1"],
        asks: "decode once, before checking",
        holds: true,
        how: 'UTF-8 and JSON are decoded strictly and once, before the schema: `http/body.test.ts` "a malformed body"; `http/routing.test.ts` "treats an escaped letter as the same route"',
      },
      {
        ids: ["1.1.2"],
        asks: "escape last",
        holds: true,
        how: 'Input is stored verbatim and escaped by the template or serializer: `senders/resend.test.ts` "has its idempotency key, one recipient, and equal text and HTML without external resources"; `features/outbox.test.ts` "renders a page with working links and escaped content for a browser"',
      },
      {
        ids: ["1.2.1"],
        asks: "encode for HTML and headers",
        holds: true,
        how: '`pages/content.test.ts` "a refused form shows typed markup as text"; `features/outbox.test.ts` "renders a page with working links and escaped content for a browser"',
      },
      {
        ids: ["1.2.2"],
        asks: "encode in URLs, safe schemes",
        holds: true,
        how: '`URL` builds links from settings: `features/recovery-request.test.ts` "with a forged Host header makes a link to this service"; `config.test.ts` "%s=%s stops the service and is reported with a remedy" (`javascript:`)',
      },
      {
        ids: ["1.2.3"],
        asks: "encode JSON and script",
        holds: true,
        how: 'Only `JSON.stringify` writes JSON, and no script is generated: `http/routing.test.ts` "has a type at the issuer whatever the Host header, and never echoes input"',
      },
      {
        ids: ["1.2.4"],
        asks: "no SQL injection",
        holds: true,
        how: 'Every value is a bound parameter, and raw SQL is constant: `bad-input.test.ts` "a wrong value in any field"; `naughty-strings.test.ts` "never cause a 5xx in any field of %s"; `npm run attack` (sqlmap); `house.test.ts` "let only storage speak to the database"',
      },
      {
        ids: ["1.2.5", "1.2.6", "1.2.7", "1.2.8"],
        asks: "OS commands, LDAP, XPath, LaTeX",
        holds: "out of scope",
        how: "Does not apply: the Worker uses none of these",
      },
      {
        ids: ["1.2.9"],
        asks: "escape in regular expressions",
        holds: "out of scope",
        how: "Does not apply: no regular expression is built from input",
      },
      {
        ids: ["1.3.1", "1.3.4", "1.3.5"],
        asks: "sanitize HTML, SVG, Markdown",
        holds: "out of scope",
        how: "Does not apply: all input is treated as plain text",
      },
      {
        ids: ["1.3.2"],
        asks: "no `eval`",
        holds: true,
        how: '`src` does not use it, and the content policies do not allow it: `features/docs.test.ts` "serves %s itself, cacheable"',
      },
      {
        ids: ["1.3.3"],
        asks: "limit input to risky functions",
        holds: true,
        how: 'The schemas limit length and characters: `features/register.test.ts` "an invalid registration"',
      },
      {
        ids: ["1.3.6"],
        asks: "no SSRF",
        holds: true,
        how: 'Only settings name the hosts that are called, with https unless they are loopback: `config.test.ts` "%s=%s stops the service and is reported with a remedy"',
      },
      {
        ids: ["1.3.7"],
        asks: "no templates from input",
        holds: true,
        how: 'Texts are constants that take values: `locales.test.ts` "says where, what and when"',
      },
      {
        ids: ["1.3.8", "1.3.9", "1.3.10"],
        asks: "JNDI, memcache, format strings",
        holds: "out of scope",
        how: "Does not apply: the Worker uses none of these",
      },
      {
        ids: ["1.3.11"],
        asks: "no mail injection",
        holds: true,
        how: 'Resend gets JSON. Mails contain no names of users. Names have no line breaks, and an address is one mailbox: `features/register.test.ts` "an invalid registration"; `senders/resend.test.ts` "one recipient"',
      },
      {
        ids: ["1.4.1", "1.4.2", "1.4.3"],
        asks: "memory safety",
        holds: true,
        how: 'JavaScript is memory-safe, and numbers in settings have limits: `config.test.ts` "%s=%s stops the service and is reported with a remedy"',
      },
      {
        ids: ["1.5.1"],
        asks: "XML",
        holds: "out of scope",
        how: "Does not apply: no XML",
      },
      {
        ids: ["1.5.2"],
        asks: "safe deserialization",
        holds: true,
        how: 'JSON is parsed into strict schemas: `bad-input.test.ts` "refuses any JSON other than its object, and changes nothing"',
      },
    ],
  },
  {
    title: "V2 Validation and business logic",
    requirements: [
      {
        ids: ["2.1.1", "2.1.2"],
        asks: "documented input rules",
        holds: true,
        how: '`/openapi.json` and docs/rules.md: `openapi.test.ts` "the API reference lists exactly the mounted routes, the API also under /api/v1"',
      },
      {
        ids: ["2.1.3"],
        asks: "documented limits",
        holds: true,
        how: "docs/sessions.md, docs/messages.md, docs/limits.md",
      },
      {
        ids: ["2.2.1", "2.2.2"],
        asks: "validate all input, on the server",
        holds: true,
        how: '`bad-input.test.ts` "a wrong value in any field", "refuses an unknown field by its name, and changes nothing"',
      },
      {
        ids: ["2.2.3"],
        asks: "check combinations",
        holds: true,
        how: '`features/register.test.ts` "an invalid registration" (contact, confirmation); `features/profile.test.ts` "refuses a contact that the account does not have"',
      },
      {
        ids: ["2.3.1"],
        asks: "steps in order",
        holds: true,
        how: 'A code is valid only for its purpose, user and address: `features/reset-by-code.test.ts` "works only for its own purpose"; `features/address-change.test.ts` "is not confirmed by a code for another purpose". The step after a proof is decided in one place: `auth/sign-in.test.ts` "opens no session while a second factor is missing"',
      },
      {
        ids: ["2.3.2"],
        asks: "limits are enforced",
        holds: true,
        how: '`auth/lockout.test.ts` "lock %s from the fifth on, doubling from 30 seconds to 15 minutes"; `messages/budget.test.ts` "requested messages"; `features/sessions.test.ts` "are limited to twenty; another login ends the oldest"',
      },
      {
        ids: ["2.3.3"],
        asks: "all or nothing",
        holds: true,
        how: '`features/lost-answers.test.ts`; `features/lost-recovery.test.ts`; `faults.test.ts` "leaves %s done or undone, never half done, and answers 503 if undone"',
      },
      {
        ids: ["2.3.4"],
        asks: "nothing is granted twice",
        holds: true,
        how: '`features/register.test.ts` "succeeds once when twenty requests for one address race"; `features/login-code-sign-up.test.ts` "creates one account of fifty requests, by the code and the link at once"; `features/reset-by-link.test.ts` "is accepted once when fifty requests race"',
      },
      {
        ids: ["2.4.1"],
        asks: "anti-automation",
        holds: true,
        how: '`http/rate-limit.test.ts`; `auth/captcha.test.ts`; `messages/budget.test.ts`; `scripts/local-service.test.ts`; `growth.test.ts` "a flood of the cheapest requests leaves rows whose number does not depend on how many there were". Reading has no rate limit',
      },
    ],
  },
  {
    title: "V3 Web frontend",
    requirements: [
      {
        ids: ["3.2.1"],
        asks: "responses are not rendered as another type",
        holds: true,
        how: "Every response has `nosniff` and a policy that allows nothing by default: `support/world.ts`",
      },
      {
        ids: ["3.2.2"],
        asks: "text shown as text",
        holds: true,
        how: 'Pages are escaped: `pages/content.test.ts` "a refused form shows typed markup as text"',
      },
      {
        ids: ["3.3.1", "3.3.2", "3.3.3", "3.3.4"],
        asks: "cookie: `Secure`, `SameSite`, `__Host-`, `HttpOnly`, only in `Set-Cookie`",
        holds: true,
        how: '`http/cookie.test.ts` "holds the refresh token of a login from %s out of reach of scripts", `http/same-site.test.ts` "has the configured SameSite=%s, also when a logout deletes it"; cookies of the pages: `pages/session.test.ts` "session cookies are __Host-"',
      },
      {
        ids: ["3.4.1"],
        asks: "HSTS for a year, with subdomains",
        holds: true,
        how: "Every response: `support/world.ts`",
      },
      {
        ids: ["3.4.2"],
        asks: "CORS from a list",
        holds: true,
        how: '`http/cors.test.ts` "does not allow the origin %j"; `http/cookie.test.ts` "is never combined with *"',
      },
      {
        ids: ["3.4.3"],
        asks: "content security policy",
        holds: true,
        how: "Every response has `default-src 'none'`, which covers `object-src`, and `base-uri` and `frame-ancestors` of `'none'`: `support/world.ts`. Pages use a nonce for the brand color: `pages/safety.test.ts` \"has a strict content security policy\"",
      },
      {
        ids: ["3.4.4", "3.4.5", "3.4.6"],
        asks: "`nosniff`, referrer, no framing",
        holds: true,
        how: "Every response: `support/world.ts`",
      },
      {
        ids: ["3.5.1"],
        asks: "no forged requests",
        holds: true,
        how: 'By cookie: `http/cookie.test.ts` "requires an allowed origin on %s", "is not set by a login form of another site". A mailed link of another person: `features/login-link.test.ts` "of an attacker signs no visitor in as the attacker, whatever the visitor asked for". Login forms of another site: `known-failures/http.test.ts` "GHSA-2234-fmw7-43wr, better-auth#9973, #10368: a form of another site is refused". Pages accept forms only from themselves: `pages/safety.test.ts` "is refused and changes nothing"',
      },
      {
        ids: ["3.5.2"],
        asks: "the preflight cannot be avoided",
        holds: true,
        how: 'JSON must be declared: `http/body.test.ts` "the content type of a body". Bearer tokens are accepted only in the header: `features/account.test.ts` "is the only place where a token is read". Forms: see 3.5.1',
      },
      {
        ids: ["3.5.3"],
        asks: "GET changes nothing",
        holds: true,
        how: '`pages/reset.test.ts` "GET and HEAD leave a reset link unused"; `features/login-link.test.ts` "survives a scanner that opens it by HEAD and GET twice"; `http/routing.test.ts` "answers 405 for %s %s and allows %s"; `pages/navigation.test.ts` "does not renew the session on the way to %s". Browsers that send no `Sec-Fetch-Site` may still renew',
      },
      {
        ids: ["3.5.4"],
        asks: "own hostname",
        holds: "out of scope",
        how: "Out of scope: the operator gives `ISSUER` a host of its own",
      },
      {
        ids: ["3.5.5"],
        asks: "`postMessage`",
        holds: "out of scope",
        how: "Does not apply: not used",
      },
      {
        ids: ["3.7.1"],
        asks: "current client technology",
        holds: true,
        how: 'The pages are HTML that works without scripts: `scripts/pages.test.ts` "support the whole life of an account by keyboard, with scripts: %s". So is the API reference: `features/docs.test.ts` "serves %s itself, cacheable"',
      },
      {
        ids: ["3.7.2"],
        asks: "redirects only to listed places",
        holds: true,
        how: 'Pages redirect to each other, and to an origin in `ALLOWED_ORIGINS` on request: `pages/safety.test.ts` "the return address %j is never followed"',
      },
    ],
  },
  {
    title: "V4 API",
    requirements: [
      {
        ids: ["4.1.1"],
        asks: "correct content type and charset",
        holds: true,
        how: "`support/world.ts` checks types against the OpenAPI document and `charset=utf-8` on text. JSON is UTF-8 by definition",
      },
      {
        ids: ["4.1.2"],
        asks: "no silent redirect to HTTPS for the API",
        holds: "out of scope",
        how: 'Out of scope: the Worker redirects nothing. The zone setting "Always Use HTTPS" would redirect all paths',
      },
      {
        ids: ["4.1.3"],
        asks: "proxy headers cannot be forged",
        holds: true,
        how: '`features/login.test.ts` "reads the client address only from the header that the edge sets"; `http/rate-limit.test.ts` "however both are spelled". Behind another proxy, `CF-Connecting-IP` is the address of that proxy',
      },
      {
        ids: ["4.2.1"],
        asks: "message boundaries",
        holds: "out of scope",
        how: "Out of scope: Cloudflare's edge",
      },
      {
        ids: ["4.3.1", "4.3.2", "4.4.1", "4.4.2", "4.4.3", "4.4.4"],
        asks: "GraphQL, WebSocket",
        holds: "out of scope",
        how: "Does not apply",
      },
    ],
  },
  {
    title: "V6 Authentication",
    requirements: [
      {
        ids: ["6.1.1"],
        asks: "documented limits on guessing and lockout",
        holds: true,
        how: "docs/limits.md; the threat model above",
      },
      {
        ids: ["6.1.2", "6.2.11"],
        asks: "context words are no password",
        holds: true,
        how: 'docs/rules.md lists them: `passwords/quality.test.ts` "a password that is an identifier of its account". Only the whole password is compared, and operators cannot add words',
      },
      {
        ids: ["6.1.3"],
        asks: "all ways to sign in are documented",
        holds: true,
        how: "docs/rules.md, docs/mailed-codes.md",
      },
      {
        ids: ["6.2.1"],
        asks: "8 characters",
        holds: true,
        how: '`features/register.test.ts` "accepts passwords of 8 to 256 code points"',
      },
      {
        ids: ["6.2.2", "6.2.3"],
        asks: "change, with the current password",
        holds: false,
        how: '`features/password-change.test.ts` "replaces the password", "a password change". **Does not hold** for 300 seconds after signing in, when a change needs no current password: `auth/reauthenticate.test.ts` "is allowed for 300 seconds after signing in". `REAUTHENTICATION_SECONDS=0` always requires it',
      },
      {
        ids: ["6.2.4"],
        asks: "none of the top 3000",
        holds: true,
        how: '`passwords/quality.test.ts` "is one of the three thousand most common long enough ones, in any case, or a date", "is refused wherever a password is set, and changes nothing"',
      },
      {
        ids: ["6.2.5"],
        asks: "any characters",
        holds: true,
        how: '`features/register.test.ts` "accepts passwords of 8 to 256 code points"; `naughty-strings.test.ts` "are accepted as passwords in which every character counts"',
      },
      {
        ids: ["6.2.6", "6.2.7"],
        asks: "masked; paste and password managers work",
        holds: true,
        how: 'Fields have `type="password"`, the standard `autocomplete` names and a button that shows the password: `scripts/pages.test.ts` "can show a password, and say why a new one is too easy"',
      },
      {
        ids: ["6.2.8"],
        asks: "compared verbatim",
        holds: true,
        how: 'Passwords are normalized as RFC 8265 (OpaqueString) says, and neither truncated nor changed in case: `passwords/normalization.test.ts` "keeps the spaces at its ends"; `crypto/password.test.ts` "verifies only the hashed password"',
      },
      {
        ids: ["6.2.9"],
        asks: "64 characters and more",
        holds: true,
        how: '`features/register.test.ts` "accepts passwords of 8 to 256 code points"',
      },
      {
        ids: ["6.2.10"],
        asks: "no expiry",
        holds: true,
        how: "Passwords do not expire",
      },
      {
        ids: ["6.2.12"],
        asks: "no breached passwords",
        holds: true,
        how: 'By default, except in development: `config.test.ts` "breached passwords are refused by default, except in development"; `passwords/quality.test.ts` "is refused by default". A lookup that fails accepts the password unless `FAIL_CLOSED` names `breaches`: `fail-closed.test.ts` "refuses every new password, and changes nothing, from a service %s"',
      },
      {
        ids: ["6.3.1"],
        asks: "limits on guessing are enforced",
        holds: true,
        how: '`auth/lockout.test.ts`; `auth/lockout-paths.test.ts` "after five wrong guesses by %s applies to every way %s and to no other"; `auth/device.test.ts` "do not lock out a network until they have failed twenty times", "cannot lock an owner out of a device on which they signed in before"',
      },
      {
        ids: ["6.3.2"],
        asks: "no default accounts",
        holds: true,
        how: '`storage/schema.test.ts` "the migrations create no rows"',
      },
      {
        ids: ["6.3.3"],
        asks: "multi-factor authentication",
        holds: true,
        how: 'Authenticator apps, passkeys and recovery codes. An account that has one needs it at every sign-in: `features/second-factor.test.ts` "takes the password, then a code, and says so in the tokens", "by form gets an error of OAuth\'s dialect with the token", "over a service binding gets the token in the failure"; `features/passkey-sign-in.test.ts` "needs no identifier and counts as two factors (%s)"; `features/passkey-account.test.ts` "asks for it after the password, and lists it as the factor"; `features/login-code-accounts.test.ts` "asks for the second factor, and is used up by then" (mailed code and link). Users choose whether they add one',
      },
      {
        ids: ["6.3.4"],
        asks: "all ways are equally strong and documented",
        holds: true,
        how: 'All guesses share one count: `auth/lockout-paths.test.ts` "after five wrong guesses by %s applies to every way %s and to no other"; `openapi.test.ts` "the API reference lists exactly the mounted routes, the API also under /api/v1". A mailed code counts and locks out like a password: `features/login-code.test.ts` "of fifty wrong ones at once is compared five times before the account is locked". It and recovery are as strong as the mailbox or the phone number',
      },
      {
        ids: ["6.4.1"],
        asks: "initial secrets are random and expire soon",
        holds: true,
        how: 'Codes verify an address and cannot become a password: `crypto/one-time.test.ts` "has six uniformly distributed digits"; `features/verification.test.ts`',
      },
      {
        ids: ["6.4.2"],
        asks: "no hints, no secret questions",
        holds: true,
        how: 'No field accepts them: `bad-input.test.ts` "refuses an unknown field by its name, and changes nothing"',
      },
      {
        ids: ["6.4.3"],
        asks: "safe reset that does not bypass a second factor",
        holds: true,
        how: '`features/reset-by-link.test.ts`; `features/reset-by-code.test.ts`; a reset leaves the second factor on: `features/second-factor.test.ts` "opens no session and leaves the second factor on"',
      },
      {
        ids: ["6.4.4"],
        asks: "lost factor",
        holds: true,
        how: 'A recovery code or another factor proves the user as well as the lost one: `features/second-factor-codes.test.ts` "signs in once, tells the owner, and leaves nine"; `features/passkey-account.test.ts` "takes an authenticator app as another factor, and either of them finishes the sign-in"',
      },
      {
        ids: ["6.5.1"],
        asks: "codes work once",
        holds: true,
        how: '`features/reset-by-code.test.ts` "is accepted once when fifty requests race"; `features/verification.test.ts`; `features/login-code.test.ts` "works once, also of fifty requests at once, and no longer as the link", "is the only one of its mails that works: the newest"; `features/login-link.test.ts` "signs in the browser that asked, once of fifty requests, and the code no longer does"; `features/second-factor-codes.test.ts` "opens one session, also in two sign-ins and of fifty requests at once", "opens one session of fifty requests at once"',
      },
      {
        ids: ["6.5.2"],
        asks: "lookup secrets are hashed",
        holds: true,
        how: 'Recovery codes have 50 bits and are stored as HMAC-SHA-256 under 256 random bits: `crypto/totp.test.ts` "are ten different ones of 50 bits", "have another digest for each user and pepper". Links (256 bits) are stored as SHA-256: `features/reset-by-link.test.ts` "is stored only as a hash". A code beside a link is not stored but derived, and the queue has none: `features/login-code.test.ts` "puts neither the nonce nor a code into the queue"',
      },
      {
        ids: ["6.5.3"],
        asks: "generated by a CSPRNG",
        holds: true,
        how: 'Links and codes are HMAC-SHA-256 of the message id under 256 random bits (`PEPPER`): `crypto/one-time.test.ts` "equals WebCrypto\'s HMAC-SHA-256 of its message". Secrets of apps and recovery codes: `crypto/totp.test.ts` "has 160 bits in base32 and differs each time", "are ten different ones of 50 bits"',
      },
      {
        ids: ["6.5.4"],
        asks: "20 bits",
        holds: true,
        how: 'Six random digits, which ASVS accepts, and eight if a mailed code resets the password: `crypto/one-time.test.ts` "has six uniformly distributed digits", "has eight uniformly distributed digits if it resets a password by mail"',
      },
      {
        ids: ["6.5.5"],
        asks: "10 minutes at most",
        holds: true,
        how: 'Codes expire in 5 minutes, and never later than in 10: `config.test.ts` "%s=%s stops the service and is reported with a remedy" (`OTP_TTL_SECONDS`). Links expire in 10 minutes by default: `features/reset-by-link.test.ts` "after %i seconds answers %i". A link that signs in expires with its code: `features/login-link.test.ts` "is invalid after it has expired, and a link for another purpose always". A code of an app is accepted for 30 seconds, and one step before and after: `crypto/totp.test.ts` "is accepted one step early and one step late, and no further"',
      },
      {
        ids: ["6.6.1"],
        asks: "text messages only to validated numbers, with a better choice and a warning",
        holds: false,
        how: 'A number that was never verified gets a code that verifies it instead of one that resets the password: `features/reset-by-code.test.ts` "goes to no number that was never verified, which gets a code that verifies it". The other choice is a mailed link. The pages say next to the number that text messages can be intercepted: `pages/content.test.ts` "warn that text messages can be intercepted where a number is entered". **Does not hold** with `phone_code`, which is off by default: the first code that signs in also verifies the number. No other number gets one: `features/texted-code.test.ts` "is sent only with phone_code, has no link, and signs in", "is not sent to a number that does not recover the account, which is released instead"',
      },
      {
        ids: ["6.6.2"],
        asks: "code bound to its request",
        holds: false,
        how: 'A code is bound to purpose, account and address, and a new one invalidates the previous one: `features/reset-by-code.test.ts` "voids an older code, also at the other address", "works only for its own account"; `features/reauthentication-code.test.ts` "a code to sign in does not renew a session, and the other way round". A link that signs in is bound to the browser that requested it: `features/login-link.test.ts` "in a browser with %s shows the code instead, and stays valid", "of an attacker signs no visitor in as the attacker, whatever the visitor asked for"; `sdk/login-codes.test.ts` "signs in by the link in the browser that requested it, and gets the code to show in another one". **Does not hold** for codes: any browser may use the code, which is made to be carried from one to another',
      },
      {
        ids: ["6.6.3"],
        asks: "attempts at codes are limited",
        holds: true,
        how: '`features/reset-by-code.test.ts` "is compared at most five times when fifty guesses race, then refuses the right code", `features/code-attempts.test.ts` "allows ten attempts a day in total, however often it is sent again", "leaves the link to reset the password by, once its attempts of the day are used up"; `features/login-code.test.ts` "is compared five times, and ten times an hour with the codes after it"; `features/login-code-sign-up.test.ts` "is compared five times, and ten times an hour with the codes after it"; `features/reauthentication-code.test.ts` "wrong codes are counted, for this session alone, and five are compared"; `features/second-factor.test.ts` "lock the account out like wrong passwords, and a right password does not clear them", "of fifty at once are compared only five times"',
      },
      {
        ids: ["6.7.1"],
        asks: "keys of authenticators cannot be changed",
        holds: true,
        how: 'The public keys of passkeys are in D1, which only the service writes, and no route changes one: `features/passkeys.test.ts` "that an account has is refused for every other, and fifty at once add one"; `features/passkey-account.test.ts` "lists, renames and removes its own passkeys and no others"',
      },
      {
        ids: ["6.7.2"],
        asks: "challenge of 64 bits, unique",
        holds: true,
        how: 'Each challenge has a random UUID and is used once: `features/passkey-sign-in.test.ts` "opens one session for a response, also of fifty requests at once", "is refused for a challenge that is old, foreign, or of another purpose"',
      },
      {
        ids: ["6.8.1"],
        asks: "no user of one identity provider taken for that of another",
        holds: true,
        how: 'An identity is known by issuer and subject: `features/social.test.ts` "makes two users of one subject at two issuers"',
      },
      {
        ids: ["6.8.2"],
        asks: "signatures of assertions verified",
        holds: true,
        how: "Each deviation of an id token is refused, such as another algorithm, key, issuer, audience or nonce: `identity-providers/identify.test.ts`",
      },
      {
        ids: ["6.8.3"],
        asks: "each SAML assertion used once",
        holds: "out of scope",
        how: "Does not apply: there is no SAML",
      },
      {
        ids: ["6.8.4"],
        asks: "strength and time of the sign-in at the provider",
        holds: true,
        how: "A sign-in there counts as one factor (`amr` is `fed`), whatever the provider says, and is as old as its `auth_time`. A confirmation sends `prompt=login` and `max_age`, and refuses an older sign-in: `features/social-step-up.test.ts`. Google, GitHub and Apple cannot be asked for a new sign-in; docs/social.md says so",
      },
    ],
    note: "Of level 3, these do not hold: mail can recover an account and, with `email_code` in `LOGIN_METHODS`, sign in as one factor, though never as the second one (6.3.6: `features/login-code-accounts.test.ts`), there is no notice of a suspicious sign-in or of a changed username (6.3.5, 6.3.7; other changes: `features/notices.test.ts`), and registration reveals taken addresses by default (6.3.8).",
  },
  {
    title: "V7 Sessions",
    requirements: [
      {
        ids: ["7.1.1"],
        asks: "documented lifetimes",
        holds: true,
        how: "docs/sessions.md: 7 days without use, and 30 days at most, which NIST SP 800-63B allows at AAL1",
      },
      {
        ids: ["7.1.2"],
        asks: "documented number of sessions",
        holds: true,
        how: 'docs/sessions.md: 20. Another sign-in ends the oldest one: `features/sessions.test.ts` "are limited to twenty; another login ends the oldest"',
      },
      {
        ids: ["7.1.3", "7.6.1"],
        asks: "federation",
        holds: "out of scope",
        how: "Does not apply",
      },
      {
        ids: ["7.2.1"],
        asks: "checked on the server",
        holds: true,
        how: '`features/tokens.test.ts`; `features/account.test.ts` "the current user"',
      },
      {
        ids: ["7.2.2"],
        asks: "generated for each session",
        holds: true,
        how: '`features/login.test.ts` "carry the claims of RFC 9068 and no personal data"; `features/refresh.test.ts` "returns a new pair of tokens of the same session, under both prefixes"',
      },
      {
        ids: ["7.2.3"],
        asks: "reference tokens of 128 bits",
        holds: "out of scope",
        how: 'Does not apply: access tokens are signed, and refresh tokens carry an HMAC-SHA-256: `features/refresh-token.test.ts` "is refused after any change to it, and stays valid". Session ids are random UUIDs that grant nothing by themselves',
      },
      {
        ids: ["7.2.4"],
        asks: "new token after authentication, the old one is void",
        holds: true,
        how: 'A sign-in starts a session of its own and ends the one that the browser had: `features/login.test.ts` "ends the session that the browser had, and none of another user". Re-authentication and a change of credentials give the session a new id: `auth/reauthenticate.test.ts` "voids the tokens that the session had before"',
      },
      {
        ids: ["7.3.1"],
        asks: "inactivity timeout",
        holds: true,
        how: '`features/refresh.test.ts` "fails once a session was unused for seven days, to the second"',
      },
      {
        ids: ["7.3.2"],
        asks: "absolute timeout",
        holds: true,
        how: '`features/refresh.test.ts` "extends the session up to its absolute maximum"; `features/login.test.ts` "never outlive the session"',
      },
      {
        ids: ["7.4.1"],
        asks: "logout ends the session",
        holds: true,
        how: 'Refresh and changes fail immediately, reading within about a minute: `features/logout.test.ts` "ends the session of a refresh token immediately, under both prefixes", `features/logout-denylist.test.ts` "a stale denylist lets a logged-out token neither refresh nor change the account", `features/logout.test.ts` "a token with %s stays refused"',
      },
      {
        ids: ["7.4.2"],
        asks: "disabling and deleting end all",
        holds: true,
        how: '`rpc/admin-service.test.ts` "disables an account, ends its sessions and enables it again", "deletes an account"; `features/profile.test.ts` "ends every session and frees the identifiers"',
      },
      {
        ids: ["7.4.3"],
        asks: "other sessions end after a change",
        holds: true,
        how: 'Always: `features/password-change.test.ts` "ends the other sessions"; `features/reset-by-link.test.ts` "all sessions and secrets are void, the address is verified and the owner is notified"; `features/address-change.test.ts` "ends other sessions"',
      },
      {
        ids: ["7.4.4"],
        asks: "visible sign-out",
        holds: true,
        how: 'On every account page: `scripts/pages.test.ts` "support the whole life of an account by keyboard, with scripts: %s"',
      },
      {
        ids: ["7.4.5"],
        asks: "administrators end sessions",
        holds: true,
        how: '`rpc/admin-service.test.ts` "ends every session of an account"',
      },
      {
        ids: ["7.5.1"],
        asks: "re-authentication before changes that affect sign-in",
        holds: true,
        how: 'Password, addresses, username, preferred contact and deletion need the password or recent authentication: `auth/reauthenticate.test.ts` "requires re-authentication after that and changes nothing", "is the only part of the profile that needs a proof"; `features/address-change.test.ts` "requires the password and sends nothing without it"',
      },
      {
        ids: ["7.5.2"],
        asks: "list and end sessions, after authenticating again",
        holds: false,
        how: '`features/sessions.test.ts` "are listed", "ends only that session". **Does not hold** for authenticating again: an access token is enough, so that users can end a session quickly',
      },
      {
        ids: ["7.6.2"],
        asks: "no session without the user's action",
        holds: true,
        how: 'Only a sign-in with a password starts one: `http/cookie.test.ts` "is not set by a login form of another site"',
      },
    ],
  },
  {
    title: "V8 Authorization",
    requirements: [
      {
        ids: ["8.1.1", "8.1.2"],
        asks: "documented rules for functions, data, fields",
        holds: true,
        how: "docs/rules.md",
      },
      {
        ids: ["8.2.1"],
        asks: "functions",
        holds: true,
        how: '`features/account.test.ts` "the current user"; `features/logout-denylist.test.ts` "a stale denylist lets a logged-out token neither refresh nor change the account"',
      },
      {
        ids: ["8.2.2"],
        asks: "data",
        holds: true,
        how: '`features/sessions.test.ts` "are the active ones of that user only", "answers 404 for another user\'s, an ended or an unknown session"; `features/reset-by-code.test.ts` "works only for its own account"',
      },
      {
        ids: ["8.2.3"],
        asks: "fields",
        holds: true,
        how: '`features/register.test.ts` "an invalid registration" ("a field of the table"); `features/profile.test.ts` "refuses %s"',
      },
      {
        ids: ["8.3.1"],
        asks: "enforced on the server",
        holds: true,
        how: 'In the statement that makes the change: `features/reauthentication.test.ts` "changes nothing if %s while the password is checked"; `auth/reauthenticate.test.ts` "changes nothing if the session ends meanwhile"',
      },
      {
        ids: ["8.4.1"],
        asks: "tenants",
        holds: "out of scope",
        how: "Does not apply: there is one tenant",
      },
    ],
  },
  {
    title: "V9 Self-contained tokens",
    requirements: [
      {
        ids: ["9.1.1"],
        asks: "signature is verified",
        holds: true,
        how: '`features/tokens.test.ts` "is refused if its payload or signature was changed"; `crypto/wycheproof.test.ts` (skipped if its vectors are missing)',
      },
      {
        ids: ["9.1.2"],
        asks: "listed algorithms",
        holds: true,
        how: '`features/tokens.test.ts` "alg none, in any case", "is refused if it uses HS256 with the public key as secret"',
      },
      {
        ids: ["9.1.3"],
        asks: "only configured keys",
        holds: true,
        how: '`features/tokens.test.ts` "is refused if it brings its own key", "is refused if a foreign key signed it under a known key id"',
      },
      {
        ids: ["9.2.1"],
        asks: "validity period",
        holds: true,
        how: '`features/tokens.test.ts` (no exp, exp in the past, nbf or iat in the future); `features/account.test.ts` "is refused to an expired access token, to the second"',
      },
      {
        ids: ["9.2.2"],
        asks: "token type",
        holds: true,
        how: '`features/tokens.test.ts` "is refused if it is a refresh token"; `features/refresh-token.test.ts` "is verified by no key of the key set", "of the form that the service once signed with its keys is refused"; `features/access-token-type.test.ts` "ACCESS_TOKEN_TYPE=%s is the type of tokens, and every verifier accepts no other one"',
      },
      {
        ids: ["9.2.3", "9.2.4"],
        asks: "audience",
        holds: true,
        how: '`features/tokens.test.ts` (another aud, aud as a list); `features/refresh-token.test.ts` "is verified by no key of the key set"',
      },
    ],
  },
  {
    title: "V11 Cryptography",
    requirements: [
      {
        ids: ["11.1.1"],
        asks: "key policy by a standard",
        holds: false,
        how: "**Does not hold** in full: [docs/secrets.md](secrets.md) says how to generate and rotate keys, but it sets no period and follows no standard",
      },
      {
        ids: ["11.1.2"],
        asks: "inventory of keys",
        holds: true,
        how: "docs/rules.md",
      },
      {
        ids: ["11.2.1"],
        asks: "proven implementations",
        holds: true,
        how: 'jose on WebCrypto, `node:crypto` of workerd, and `@noble/hashes`: `crypto/password.test.ts` "produces the RFC 7914 vector of %j and %j", "both scrypt engines produce the same bytes"',
      },
      {
        ids: ["11.2.2"],
        asks: "algorithms and keys can be changed",
        holds: true,
        how: '`features/signing-keys.test.ts` "sign with the first and verify with all"; `features/refresh-token.test.ts` "is written under the first pepper and read under all, so that a pepper can be replaced"; `features/login-password.test.ts` "the next login replaces the hash, and later ones do not"; `features/reset-by-code.test.ts` "also after a rotation"',
      },
      {
        ids: ["11.2.3"],
        asks: "128 bits of security",
        holds: true,
        how: 'ES256, EdDSA and HMAC-SHA-256 have it, and `RS256` signs with at least 3072 bits: `features/signing-keys.test.ts` "of RSA sign with at least 3072 bits: a shorter key from before only verifies"',
      },
      {
        ids: ["11.3.1"],
        asks: "no ECB, no PKCS#1 v1.5 padding",
        holds: true,
        how: "Nothing is encrypted. For RS256, see 11.6.1",
      },
      {
        ids: ["11.3.2", "11.3.3"],
        asks: "approved, authenticated encryption",
        holds: "out of scope",
        how: "Does not apply: nothing is encrypted",
      },
      {
        ids: ["11.4.1"],
        asks: "approved hashes",
        holds: true,
        how: "SHA-256, and SHA-1 only for Have I Been Pwned",
      },
      {
        ids: ["11.4.2"],
        asks: "slow password hash at current cost",
        holds: true,
        how: 'scrypt with a salt, by default with parameters of ASVS\'s table: `config.test.ts` "the default scrypt parameters are those that ASVS 5.0 asks for"; `crypto/password.test.ts` "is a PHC string with parameters, 16 random bytes of salt and 32 of key", "are strong enough". An unknown identifier costs the same while old parameters are in use: `passwords/dummy-hash.test.ts` "runs outdated parameters as often as accounts have them"',
      },
      {
        ids: ["11.4.3"],
        asks: "256 bits for signatures",
        holds: true,
        how: "SHA-256 in ES256 and RS256, SHA-512 in EdDSA",
      },
      {
        ids: ["11.4.4"],
        asks: "keys from passwords",
        holds: "out of scope",
        how: "Does not apply: there are none",
      },
      {
        ids: ["11.5.1"],
        asks: "unguessable values by a CSPRNG, 128 bits",
        holds: true,
        how: 'Pepper 256 bits, salt 128, links 256: `crypto/one-time.test.ts` "is 256 bits"; `crypto/password.test.ts` "is a PHC string with parameters, 16 random bytes of salt and 32 of key". Codes are short by nature (6.5.4). No UUID serves as a secret',
      },
      {
        ids: ["11.6.1"],
        asks: "approved keys and signatures",
        holds: false,
        how: 'ES256 and EdDSA: `config.test.ts` "the settings reject unusable signing keys at start". **Does not hold** with `RS256`, which is RSASSA-PKCS1-v1_5 and never the default',
      },
    ],
  },
  {
    title: "V12 Communication",
    requirements: [
      {
        ids: ["12.1.1", "12.1.2"],
        asks: "TLS versions and ciphers",
        holds: "out of scope",
        how: "Out of scope: set the minimum of the zone to TLS 1.2",
      },
      {
        ids: ["12.1.3"],
        asks: "client certificates",
        holds: "out of scope",
        how: "Does not apply",
      },
      {
        ids: ["12.2.1"],
        asks: "TLS only",
        holds: true,
        how: 'Every response has HSTS: `support/safe-headers.ts`. http is refused in settings: `config.test.ts` "the settings accept http only for a loopback issuer", and in requests: `http/host.test.ts` "%s gets 421 on every path, with the settings %j"',
      },
      {
        ids: ["12.2.2"],
        asks: "public certificates",
        holds: "out of scope",
        how: "Out of scope: Cloudflare's edge",
      },
      {
        ids: ["12.3.1"],
        asks: "TLS for outgoing calls",
        holds: true,
        how: 'https unless loopback: `config.test.ts` "%s=%s stops the service and is reported with a remedy"',
      },
      {
        ids: ["12.3.2", "12.3.3", "12.3.4"],
        asks: "certificates, internal connections",
        holds: "out of scope",
        how: "Out of scope: workerd and Cloudflare's bindings",
      },
    ],
  },
  {
    title: "V13 Configuration",
    requirements: [
      {
        ids: ["13.1.1"],
        asks: "documented connections",
        holds: true,
        how: "docs/rules.md",
      },
      {
        ids: ["13.2.1"],
        asks: "no unchanging credentials between components",
        holds: false,
        how: "Bindings need none. **Does not hold** for Resend, Twilio and Turnstile: their keys stay valid until the operator changes them",
      },
      {
        ids: ["13.2.2"],
        asks: "least privilege",
        holds: true,
        how: "The Worker has bindings to one database, one namespace and two queues: `wrangler.toml`. The operator sets the scope of the providers' keys",
      },
      {
        ids: ["13.2.3"],
        asks: "no default credentials",
        holds: true,
        how: '`config.test.ts` "%s=%s stops the service and is reported with a remedy"; `scripts/start.test.ts` "serves a fresh clone"',
      },
      {
        ids: ["13.2.4", "13.2.5"],
        asks: "listed destinations",
        holds: true,
        how: "Four hosts and the identity providers, named by settings: `src/identity-providers`, `src/senders`, `src/auth/captcha.ts`, `src/passwords/breaches.ts`. The platform has no egress list",
      },
      {
        ids: ["13.3.1"],
        asks: "secrets in a vault, not in code",
        holds: true,
        how: 'Worker secrets; on your machine `.dev.vars` with mode 0600, ignored by git: `scripts/start.test.ts` "serves a fresh clone"; `scripts/keys.test.ts`. No scanner checks the repository',
      },
      {
        ids: ["13.3.2"],
        asks: "least access to secrets",
        holds: "out of scope",
        how: "Out of scope: the Cloudflare account",
      },
      {
        ids: ["13.4.1"],
        asks: "no `.git`",
        holds: true,
        how: '`http/routing.test.ts` "answers 404 for %s"; `features/docs.test.ts` "answers 404 for the file %s"',
      },
      {
        ids: ["13.4.2"],
        asks: "no debug mode",
        holds: true,
        how: '`features/outbox.test.ts` "is not found outside development, even if it has messages"; `http/failure.test.ts` "an unexpected exception answers 500 without internal details"',
      },
      {
        ids: ["13.4.3"],
        asks: "no listings",
        holds: true,
        how: 'Only known files are served: `features/docs.test.ts` "answers 404 for the file %s"',
      },
      {
        ids: ["13.4.4"],
        asks: "no TRACE",
        holds: true,
        how: 'A method that a path does not have gets 405: `http/routing.test.ts` "answers 405 for %s %s and allows %s" (TRACE)',
      },
      {
        ids: ["13.4.5"],
        asks: "no unintended documentation",
        holds: true,
        how: '`/docs`, `/openapi.json` and `/health` are public on purpose: `openapi.test.ts` "the API reference lists exactly the mounted routes, the API also under /api/v1"',
      },
    ],
  },
  {
    title: "V14 Data protection",
    requirements: [
      {
        ids: ["14.1.1", "14.1.2"],
        asks: "data classified, with rules",
        holds: true,
        how: "docs/rules.md lists data by kind. The operator decides which laws apply",
      },
      {
        ids: ["14.2.1"],
        asks: "nothing secret in URLs",
        holds: true,
        how: 'Tokens: `features/account.test.ts` "is the only place where a token is read". The secret of a link is exchanged at once for a cookie: `pages/reset.test.ts` "a followed link leaves the address at once". Its first request has it in the URL, and so does the path of `POST /auth/reset-password/{token}`, which is kept for older frontends; no log contains it: `log.test.ts` "names the route instead of a path with a secret, and omits a malformed ray"',
      },
      {
        ids: ["14.2.2"],
        asks: "no caching on servers",
        holds: true,
        how: "`no-store` on all responses except keys and static files: `support/world.ts`",
      },
      {
        ids: ["14.2.3"],
        asks: "nothing to third parties",
        holds: true,
        how: 'Resend or Twilio get the address and the text. Have I Been Pwned gets five digits of a hash: `passwords/quality.test.ts` "is refused wherever a password is set, before a code is compared". Turnstile gets the token of its widget: `auth/captcha.test.ts` "is required on %s"',
      },
      {
        ids: ["14.2.4"],
        asks: "the rules are enforced",
        holds: true,
        how: '`log.test.ts` "contains no secret, address or client text if %s"; `schedule.test.ts` "purges events past their retention in batches"',
      },
      {
        ids: ["14.3.1"],
        asks: "browser data is cleared at sign-out",
        holds: true,
        how: 'The cookie is: `http/cookie.test.ts` "logs out its session and is deleted". `Clear-Site-Data` is not sent; a frontend has to clear what it keeps',
      },
      {
        ids: ["14.3.2"],
        asks: "no caching in browsers",
        holds: true,
        how: "`support/world.ts`",
      },
      {
        ids: ["14.3.3"],
        asks: "only session tokens in browser storage",
        holds: true,
        how: 'Pages use cookies only. The client writes the refresh token and the device token to a storage that the app gives it, and to none by default: `http/cookie.test.ts` "holds the refresh token of a login from %s out of reach of scripts", `pages/session.test.ts` "session cookies are __Host-, HttpOnly, Secure and SameSite=Lax"',
      },
    ],
  },
  {
    title: "V15 Coding and architecture",
    requirements: [
      {
        ids: ["15.1.1", "15.2.1"],
        asks: "documented patch times, and kept",
        holds: true,
        how: 'docs/dependencies.md has the times; `npm run audit` is part of CI: `scripts/audit.test.ts` "fails for an advisory of level %s", "accepts an exception until its last day"',
      },
      {
        ids: ["15.1.2"],
        asks: "inventory of libraries",
        holds: true,
        how: "`package.json` has exact versions and `package-lock.json` has hashes of all packages; there is no other bill of materials",
      },
      {
        ids: ["15.1.3"],
        asks: "expensive work is documented",
        holds: true,
        how: "docs/limits.md; docs/rules.md",
      },
      {
        ids: ["15.2.2"],
        asks: "and limited",
        holds: true,
        how: '`passwords/hashing.test.ts` "answers 503 beyond thirty-two waiting requests and completes the others", "delays a cheap request by at most two hashes"; `scripts/local-service.test.ts`; `cpu_ms` in `wrangler.toml`',
      },
      {
        ids: ["15.2.3"],
        asks: "no development code in production",
        holds: true,
        how: 'The bundle contains no tests, and a deployed one neither outbox nor gallery: `scripts/bundle.test.ts` "the deployed bundle does not contain the outbox, and answers 404 for it", "the deployed bundle does not contain the gallery of pages", "a deployment for development is refused"',
      },
      {
        ids: ["15.3.1"],
        asks: "only needed fields",
        holds: true,
        how: '`features/register.test.ts` "never returns a password or its hash"; `support/world.ts` checks responses against their schemas',
      },
      {
        ids: ["15.3.2"],
        asks: "no redirects followed",
        holds: true,
        how: 'Twilio, Turnstile and Have I Been Pwned: `auth/captcha.test.ts` "accepts everyone and logs an error if Turnstile %s" (redirects); `passwords/quality.test.ts` "is accepted if %s" (redirects). Resend: `senders/resend.test.ts` "is retried after a redirect %d, which is not followed"',
      },
      {
        ids: ["15.3.3"],
        asks: "no mass assignment",
        holds: true,
        how: '`bad-input.test.ts` "refuses an unknown field by its name, and changes nothing"; `features/register.test.ts` "an invalid registration"',
      },
      {
        ids: ["15.3.4"],
        asks: "the true network address",
        holds: true,
        how: '`features/login.test.ts` "reads the client address only from the header that the edge sets"; `http/request-context.test.ts` "the network of an IPv6 address is its /64 in one spelling"',
      },
      {
        ids: ["15.3.5"],
        asks: "strict types",
        holds: true,
        how: 'TypeScript in strict mode, and schemas: `bad-input.test.ts` "a wrong value in any field"',
      },
      {
        ids: ["15.3.6"],
        asks: "no prototype pollution",
        holds: true,
        how: '`bad-input.test.ts` "refuses an unknown field by its name, and changes nothing" (`__proto__`, `constructor`)',
      },
      {
        ids: ["15.3.7"],
        asks: "no parameter pollution",
        holds: true,
        how: '`bad-input.test.ts` "refuses a duplicate field, and changes nothing"; `http/body.test.ts` "a malformed body"',
      },
    ],
  },
  {
    title: "V16 Logs and errors",
    requirements: [
      {
        ids: ["16.1.1"],
        asks: "inventory of logs",
        holds: true,
        how: "docs/operations.md; docs/rules.md. The operator controls access to Workers Logs and their retention",
      },
      {
        ids: ["16.2.1"],
        asks: "when, where, who, what",
        holds: true,
        how: 'Logs have route, ray, type and account; the platform adds the time. D1 has time, address and device: `features/events.test.ts` "with time, session, address and device"; `log.test.ts` "logs each security event with the account id only"',
      },
      {
        ids: ["16.2.2"],
        asks: "UTC",
        holds: true,
        how: 'D1 has Unix time, and responses have ISO 8601 in UTC: `features/events.test.ts` "with time, session, address and device"',
      },
      {
        ids: ["16.2.3", "16.2.4"],
        asks: "logs only where documented, in one format",
        holds: true,
        how: 'JSON in the Worker\'s logs: `log.test.ts` "has one line for GET %s". `console.log` is a lint error',
      },
      {
        ids: ["16.2.5"],
        asks: "no secrets in logs",
        holds: true,
        how: '`log.test.ts` "contains no secret, address or client text if %s"',
      },
      {
        ids: ["16.3.1"],
        asks: "authentication is logged",
        holds: true,
        how: '`log.test.ts` "logs each security event with the account id only". A successful refresh or re-authentication is only a request line',
      },
      {
        ids: ["16.3.2"],
        asks: "refused access is logged",
        holds: true,
        how: 'The request line has the error code, without the account: `log.test.ts` "has one line for GET %s" (401)',
      },
      {
        ids: ["16.3.3"],
        asks: "attempts to bypass controls are logged",
        holds: true,
        how: 'Refused input and rate limits are error codes in request lines; locked guesses are security events: `log.test.ts`. A refused origin has a line of its own: `http/origin.test.ts` "is distinguished from a missing one at login, refresh and logout"',
      },
      {
        ids: ["16.3.4"],
        asks: "failures are logged",
        holds: true,
        how: '`http/failure.test.ts`; `http/rate-limit.test.ts` "lets requests through and logs an error"; `auth/captcha.test.ts` "accepts everyone and logs an error if Turnstile %s"',
      },
      {
        ids: ["16.4.1"],
        asks: "no log injection",
        holds: true,
        how: 'Lines are JSON of constant texts. The only text of a client is an origin that was refused, which must have the form of an origin: `log.test.ts` "names the route instead of a path with a secret, and omits a malformed ray", "contains no secret, address or client text if %s"',
      },
      {
        ids: ["16.4.2", "16.4.3"],
        asks: "logs are protected and separate",
        holds: "out of scope",
        how: "Out of scope: the Worker cannot change Workers Logs. It can change the events in D1",
      },
      {
        ids: ["16.5.1"],
        asks: "errors reveal nothing",
        holds: true,
        how: '`http/failure.test.ts` "an unexpected exception answers 500 without internal details"; `config.test.ts` "%s=%s stops the service and is reported with a remedy"',
      },
      {
        ids: ["16.5.2"],
        asks: "safe when other services fail",
        holds: true,
        how: "`faults.test.ts`; `queue.test.ts`; `features/recovery-pipeline.test.ts`",
      },
      {
        ids: ["16.5.3"],
        asks: "fail closed",
        holds: true,
        how: 'D1, keys, settings: `http/failure.test.ts`; `features/logout-denylist.test.ts` "the primary database decides if the denylist cannot be read". Rate limits, Turnstile, Have I Been Pwned and the list of common passwords (`passwords/common.test.ts`) fail closed if `FAIL_CLOSED` names them, which the default does not: `fail-closed.test.ts` "refuses %s and changes nothing", "refuses %s and calls no other binding"',
      },
    ],
  },
];
