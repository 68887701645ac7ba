import { expect } from "vitest";

/** Paths whose content is the same for everyone. */
const PUBLIC_PATHS = /^(\/api\/v1)?\/(\.well-known\/|openapi\.json|llms\.txt|docs|pages\/)/;

/** Where a sign-in at an identity provider begins: the only way to another origin. */
const TO_PROVIDER = /\/auth\/social\/[^/?]+(\?|$)/;

/** Where a client sends a browser, which comes back with the answer. */
const AT_CLIENT = /^\/oauth\/authorize/;
const AT_LOGOUT = /^\/oauth\/logout/;

/** Checks the headers that every answer needs. */
export function expectSafeHeaders(path: string, { headers, status }: Response, issuer: string) {
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).toContain("base-uri 'none'");
  expect(headers.get("cache-control")).toMatch(
    status === 200 && PUBLIC_PATHS.test(path) ? /no-store|public/ : /no-store/,
  );
  if (/^text\//.test(headers.get("content-type") ?? "")) expect(headers.get("content-type")).toMatch(/charset=utf-8/i);
  const location = headers.get("location");
  if (location && TO_PROVIDER.test(path)) expect(location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/authorize\?/);
  else if (location && AT_CLIENT.test(path)) expect(location).toMatch(/^\/|[?&]iss=https%3A%2F%2Fauth.test/);
  else if (location && AT_LOGOUT.test(path)) expect(location).toMatch(/^\/|^https:\/\/app\.example\/bye(\?|$)/);
  else if (location)
    expect([issuer, "https://app.test", "https://admin.test", "https://a.app.test"]).toContain(
      new URL(location, issuer).origin,
    );
  if (status === 401) expect(headers.get("www-authenticate")).toMatch(/^(Bearer|Basic) realm="gatehouse"/);
  if (status === 405) expect(headers.get("allow")).toBeTruthy();
  if (status === 429 || status === 503) expect(headers.get("retry-after")).toMatch(/^\d+$/);
}
