/** Authenticator apps, played by `oathtool`, against a service that runs as `npm start` runs it. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { decodeJwt } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { post } from "../support/clone-server.ts";
import { sharedService } from "../support/shared-service.ts";

const HAS_OATHTOOL = spawnSync("oathtool", ["--version"]).status === 0;
const ACCOUNT = { email: "jane@example.com", password: "correct-horse-7" };

interface Answer {
  code?: string;
  access_token?: string;
  login_token?: string;
  secret?: string;
  uri?: string;
}

/** The code that an app shows, so many seconds from now. */
const codeOf = (secret: string, seconds = 0) =>
  execFileSync("oathtool", ["--totp", "--base32", "--now", `now + ${seconds} seconds`, secret], {
    encoding: "utf8",
  }).trim();

/** Runs the commands of a guide, as they are written, against the service at this address. */
function walkThrough(guide: string, address: string): string {
  const commands = [...readFileSync(guide, "utf8").matchAll(/^```sh\n(.*?)^```$/gms)]
    .map(([, block = ""]) => block.replace(/^GATEHOUSE=.*$/m, `GATEHOUSE=${address}`))
    .join("\n");
  return execFileSync("bash", ["-euo", "pipefail", "-c", commands], { encoding: "utf8", stdio: "pipe" });
}

describe.skipIf(!HAS_OATHTOOL)("an authenticator app of another maker (skipped without oathtool)", () => {
  let address: string;

  beforeAll(async () => {
    ({ address } = await sharedService());
  });

  async function send(path: string, body: object, token?: string) {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await post(`${address}${path}`, body, headers);
    return { status: answer.status, json: (await answer.json()) as Answer };
  }

  it("signs in with each code once", { timeout: 180_000 }, async () => {
    await send("/auth/register", ACCOUNT);
    const { access_token } = (await send("/auth/login", ACCOUNT)).json;
    const { secret = "", uri = "" } = (await send("/users/me/totp", {}, access_token)).json;
    const read = new URL(uri).searchParams;
    expect([read.get("secret"), read.get("digits"), read.get("period")]).toEqual([secret, null, null]);
    // An app reads the address, and knows the defaults: six digits, 30 seconds, SHA-1.
    const first = codeOf(secret);
    expect((await send("/users/me/totp/confirm", { code: first }, access_token)).status).toBe(200);

    const started = await send("/auth/login", ACCOUNT);
    const { login_token } = started.json;
    const prove = (code: string) => send("/auth/login/second-factor", { login_token, code });
    expect([started.status, started.json.code]).toEqual([403, "second_factor_required"]);
    expect((await prove(first)).json.code).toBe("invalid_code");
    expect((await prove(codeOf(secret, 120))).json.code).toBe("invalid_code");
    const next = codeOf(secret, 30);
    const signedIn = await prove(next);
    expect(decodeJwt(signedIn.json.access_token ?? "")).toMatchObject({ acr: "aal2", amr: ["pwd", "otp", "mfa"] });
    expect((await prove(next)).json.code).toBe("invalid_code");
  });

  it("walks through docs/second-factors.md with its commands as written", { timeout: 180_000 }, () => {
    const printed = walkThrough("docs/second-factors.md", address);

    const seen = [...printed.matchAll(/"(?:code":"\w+|recovery_codes":\[|totp":(?:\{|null)|email":"[^"]+)/g)];
    expect(seen.map(([text]) => text.slice(1))).toEqual([
      'email":"kim.park@example.com',
      'recovery_codes":[',
      'code":"second_factor_required',
      'code":"invalid_code',
      'totp":{',
      'totp":null',
    ]);
  });

  it("walks through docs/mailed-codes.md with its commands as written", { timeout: 180_000 }, () => {
    const printed = walkThrough("docs/mailed-codes.md", address);

    const seen = [...printed.matchAll(/"(?:code":"\w+|otp":"\d{6}"|email_verified":\w+|password":\w+)/g)];
    expect(seen.map(([text]) => text.slice(1).replace(/\d{6}/, "…"))).toEqual([
      'email_verified":false',
      'code":"other_browser',
      'otp":"…"',
      'email_verified":true',
      'password":false',
    ]);
  });
});

// Without this, CI would not notice that it has no oathtool.
it.runIf(process.env["CI"])("CI has oathtool", () => {
  expect(HAS_OATHTOOL).toBe(true);
});
