import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { byCode, requestCode } from "../support/login-codes.ts";
import { NO_COOLDOWN, sentBy } from "../support/outbox.ts";
import { JANE } from "../support/people.ts";
import { firstRow, verifyAddresses, verifyEmails } from "../support/rows.ts";
import { createWorldWithJane } from "../support/world.ts";

const REQUEST = "/auth/login/request-code";
const TEXTS = { LOGIN_METHODS: "password,phone_code" };

describe("a texted code", () => {
  it("is sent only with phone_code, has no link, and signs in", async () => {
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, ...TEXTS });
    await verifyAddresses();
    expect(await sentBy(world, REQUEST, { email: JANE.email })).toEqual([]);

    const { to, code, text } = await requestCode(world, { identifier: "janedoe" });
    expect([to, text.includes("token="), text.endsWith(`#${code}`)]).toEqual([JANE.phone, false, true]);
    const { status, json } = await byCode(world, code, { phone: JANE.phone });
    expect([status, decodeJwt(json.access_token)["amr"]]).toEqual([200, ["sms"]]);
  });

  it("is not sent while no code of the account would be compared anymore", async () => {
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, ...TEXTS });
    await verifyAddresses();
    await requestCode(world, { phone: JANE.phone });
    await env.DB.exec(`update one_time_secrets set attempts = 10, last_attempt_at = ${Date.now()}`);

    expect(await sentBy(world, REQUEST, { phone: JANE.phone })).toEqual([]);
  });

  it("is not sent to a number that does not recover the account, which is released instead", async () => {
    const { world } = await createWorldWithJane({ ...NO_COOLDOWN, LOGIN_METHODS: "email_code,phone_code,password" });
    await verifyEmails();

    const [sent] = await sentBy(world, REQUEST, { phone: JANE.phone });

    expect([sent?.to, sent?.code, sent?.token === ""]).toEqual([JANE.phone, "", false]);
    expect((await firstRow("one_time_secrets")).purpose).toBe("address-release-link");
  });
});
