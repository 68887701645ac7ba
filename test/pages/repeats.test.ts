import { describe, expect, it } from "vitest";
import { PAGE_ROUTES } from "../support/page-routes.ts";
import { FRESH_PASSWORD } from "../support/passwords.ts";
import { atOnce, times } from "../support/race.ts";
import { rowCount } from "../support/rows.ts";
import { perform, prepare } from "../support/scenarios.ts";
import { createVisitor } from "../support/visitor.ts";
import { createWorld, createWorldWithJane, PASSWORD } from "../support/world.ts";

const FORMS = Object.keys(PAGE_ROUTES).filter((name) => name.startsWith("POST "));
const JOHN = { address: "john@example.com", password: PASSWORD };
const CHANGE = { old_password: PASSWORD, new_password: FRESH_PASSWORD, confirm_password: FRESH_PASSWORD };

/** The id of the form on a page. */
const idOn = ({ text }: { text: string }) => ({ form_id: /name="form_id" value="([^"]+)"/.exec(text)?.[1] ?? "" });

/** Where an answer leads. A request that is sealed looks different each time. */
const placeOf = (answer?: { headers: Headers }) => answer?.headers.get("location")?.replace(/\brequest=.*/, "request");

describe("the second of two equal posts", () => {
  it.each(FORMS)("gets the answer of the first at once: %s", async (name) => {
    const { world, scenario } = await prepare(name);
    const form = { ...scenario.form, form_id: crypto.randomUUID() };

    const [first, second] = await atOnce(2, () => perform(world, { ...scenario, form }));

    expect(first?.status).toBe(scenario.status);
    expect([second?.status, placeOf(second)]).toEqual([first?.status, placeOf(first)]);
  });

  it.each(FORMS)("gets the answer of the first one, if the same form sends it later: %s", async (name) => {
    const { world, scenario } = await prepare(name);
    const form = { ...scenario.form, form_id: crypto.randomUUID() };

    const [first, second] = await times(2, () => perform(world, { ...scenario, form }));

    expect(first?.status).toBe(scenario.status);
    expect([second?.status, placeOf(second)]).toEqual([first?.status, placeOf(first)]);
  });

  it("gets the cookies of the first one, which its browser may have missed", async () => {
    const { world, jane } = await createWorldWithJane();
    const visitor = createVisitor(world);
    await visitor.signIn();
    const stale = new Map(visitor.cookies);
    const fields = { ...CHANGE, ...idOn(await visitor.get("/account/password")) };
    await visitor.post("/account/password", fields);
    visitor.cookies.clear();
    for (const [name, value] of stale) visitor.cookies.set(name, value);

    const repeated = await visitor.post(`/account/password?user=${jane.id}`, fields);
    expect(repeated.location).toBe("/account?notice=passwordChanged");
    expect((await visitor.get("/account")).status).toBe(200);
    expect(await rowCount("sessions")).toBe(2);
  });
});

describe("a post that is no repeat", () => {
  const signUp = (fields: Record<string, string>) => createVisitor(createWorld()).post("/sign-up", fields);

  it.each([
    ["another form", { form_id: crypto.randomUUID() }],
    ["no form", {}],
    ["the same form with another value", { password: "brand-new-horse-8" }],
  ])("from %s acts by itself", async (_, differing) => {
    const id = idOn(await createVisitor(createWorld()).get("/sign-up"));
    expect((await signUp({ ...JOHN, ...id })).status).toBe(303);

    expect((await signUp({ ...JOHN, ...("password" in differing && id), ...differing })).status).toBe(409);
  });

  it("from no form acts by itself, also at the same time", async () => {
    const statuses = await atOnce(2, async () => (await signUp(JOHN)).status);

    expect(statuses.sort()).toEqual([303, 409]);
  });

  it("signs in again after a sign-out", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const fields = { identifier: "janedoe", password: PASSWORD, ...idOn(await visitor.get("/sign-in")) };
    await visitor.post("/sign-in", fields);
    await visitor.post("/sign-out", {});

    expect((await visitor.post("/sign-in", fields)).status).toBe(303);
    expect((await visitor.get("/account")).status).toBe(200);
  });

  it("after a refusal acts again", async () => {
    const { world } = await createWorldWithJane();
    const visitor = createVisitor(world);
    const id = idOn(await visitor.get("/sign-in"));
    const guess = () => visitor.post("/sign-in", { identifier: "janedoe", password: "wrong-horse-7", ...id });

    expect((await atOnce(2, guess)).map(({ status }) => status)).toEqual([401, 401]);
    expect((await guess()).status).toBe(401);
  });
});
