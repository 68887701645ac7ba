import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { NO_COOLDOWN } from "../support/outbox.ts";
import { people } from "../support/people.ts";
import { verifyAddresses } from "../support/rows.ts";
import { createWorld } from "../support/world.ts";

const codes = (methods: string) => ({ ...NO_COOLDOWN, LOGIN_METHODS: methods });

/** Jane with a passkey, in a world that offers these methods; both addresses are proven. */
async function signedIn(methods: string) {
  const jane = await people.jane.withPasskey();
  await verifyAddresses();
  const world = createWorld(codes(methods));
  const call = async (method: string, path: string) => {
    const answer = await world.call(method, path, { token: jane.own.access_token });
    if (answer.json?.access_token) Object.assign(jane.own, answer.json);
    return [answer.status, answer.json?.code];
  };
  return { ...jane, call };
}

const REFUSED = [409, "last_credential"];

describe("a code to a proven email address", () => {
  it("is a way in, without a password and without the last passkey", async () => {
    const { call, id } = await signedIn("password,passkey,email_code");

    expect(await call("DELETE", "/users/me/password")).toEqual([200, undefined]);
    expect(await call("DELETE", `/users/me/passkeys/${id}`)).toEqual([200, undefined]);
    // Then it is the last one, and stays.
    expect(await call("DELETE", "/users/me/email")).toEqual(REFUSED);
    expect(await call("DELETE", "/users/me/phone")).toEqual([200, undefined]);
  });

  it("is none while the address is unproven", async () => {
    const { call, id } = await signedIn("password,passkey,email_code");
    expect(await call("DELETE", "/users/me/password")).toEqual([200, undefined]);
    await env.DB.exec("update users set email_verified_at = null");

    expect(await call("DELETE", `/users/me/passkeys/${id}`)).toEqual(REFUSED);
  });

  it("is none where email_code is off", async () => {
    const { call, id } = await signedIn("password,passkey,phone_code");
    await env.DB.exec("update users set phone_verified_at = null");

    expect(await call("DELETE", "/users/me/password")).toEqual([200, undefined]);
    expect(await call("DELETE", `/users/me/passkeys/${id}`)).toEqual(REFUSED);
  });
});

describe("one of two proven addresses", () => {
  it.each([
    ["email_code,phone_code", "email", [200, undefined]],
    ["email_code,phone_code", "phone", [200, undefined]],
    ["email_code", "email", REFUSED],
    ["phone_code", "phone", REFUSED],
  ])("with LOGIN_METHODS=%s: removal of the %s is answered %j", async (methods, kind, answer) => {
    const { call } = await signedIn(methods);
    expect(await call("DELETE", `/users/me/${kind}`)).toEqual(answer);
  });

  it("goes although its codes sign in, if a password or a passkey does", async () => {
    const { call } = await signedIn("passkey,email_code");
    expect(await call("DELETE", "/users/me/email")).toEqual([200, undefined]);
  });
});
