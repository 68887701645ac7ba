import { describe, expect, it } from "vitest";
import { later, signedInWithApp } from "../support/app-visitor.ts";
import { bindAdminWorker, createConsole } from "../support/console.ts";
import { rows } from "../support/rows.ts";
import { administer } from "../support/rpc.ts";
import { createVisitor, FOREIGN_FORMS, mainOf } from "../support/visitor.ts";
import { createWorldWithJane, dumpRows, PASSWORD } from "../support/world.ts";

const LISTS = ["/admin/users", "/admin/clients", "/admin/messages"];

describe("the console", () => {
  it("asks a visitor without a session to sign in, and leads back", async () => {
    const { world, page } = await createConsole();
    const stranger = createVisitor(world);

    const { status, location } = await stranger.get(`${page}?cursor=5`);
    expect([status, location]).toEqual([303, `/sign-in?${new URLSearchParams({ return_to: `${page}?cursor=5` })}`]);
  });

  it("does not exist for users without the role, in their language", async () => {
    const {
      world,
      page,
      jane: { id },
    } = await createConsole();
    const jane = createVisitor(world);
    await jane.signIn();

    for (const path of ["/admin", ...LISTS, page, `${page}/disable`, "/admin/console.css", "/admin/nowhere"]) {
      const { status, text } = await jane.get(path, { "accept-language": "fr" });
      expect([path, status]).toEqual([path, 404]);
      expect(mainOf(text)).toContain("Page introuvable");
      expect(text).not.toMatch(/href="\/admin|Gestion/);
    }
    const before = await dumpRows();
    expect((await jane.post(`${page}/disable?user=${id}`, { reason: "x" })).status).toBe(404);
    expect(await dumpRows()).toEqual(before);
  });

  it.each([
    ["demoted", "setRoles", []],
    ["disabled", "disableUser", undefined],
  ])("closes at once for an administrator who was %s", async (_, method, value) => {
    const { world, ada, visitor, act, page } = await createConsole();
    expect((await visitor.get(page)).status).toBe(200);
    await administer(world, method, ada.id, ...(value ? [value] : []));

    const { status, location } = await visitor.get(page);
    expect([status, location?.split("?")[0]]).toEqual(method === "setRoles" ? [404, undefined] : [303, "/sign-in"]);
    expect((await act(`${page}/disable`)).status).toBe(method === "setRoles" ? 404 : 307);
    expect((await rows("users"))[0].disabled_at).toBeNull();
  });

  it("asks for a second factor that the account has and the session lacks", async () => {
    const { world, visitor, jane } = await signedInWithApp();
    bindAdminWorker(world);
    await administer(world, "setRoles", jane.id, ["admin"]);
    expect((await visitor.get("/admin/users")).status).toBe(200);
    await world.env.DB.exec("update sessions set amr = '[\"pwd\"]'");

    expect((await visitor.get("/admin/users")).location).toBe("/account/confirm-identity?return_to=%2Fadmin%2Fusers");
  });

  it("asks for the password before an act, after five minutes, and leads back to the form", async () => {
    const { visitor, act, page, ada } = await createConsole();
    later(6);
    expect((await visitor.get(page)).status).toBe(200);

    const confirm = `/account/confirm-identity?${new URLSearchParams({ return_to: `${page}/disable` })}`;
    expect((await visitor.get(`${page}/disable`)).location).toBe(confirm);
    const sent = await act(`${page}/disable`);
    expect(sent.location?.split("?")[0]).toBe("/account/confirm-identity");
    expect((await rows("users"))[0].disabled_at).toBeNull();

    const question = await visitor.get(confirm);
    expect([question.status, mainOf(question.text)]).toEqual([200, expect.stringContaining('id="password"')]);
    expect(mainOf(question.text)).toContain('href="/admin"');
    const form = { password: PASSWORD, return_to: `${page}/disable`, factors: "" };
    const done = await visitor.post(`/account/confirm-identity?user=${ada.id}`, form);
    expect(done.location).toBe(`${page}/disable`);
    expect((await visitor.get(`${page}/disable`)).status).toBe(200);
  });

  it("renews an expired access token on the way, form and all", async () => {
    const { visitor, act, page } = await createConsole();
    visitor.cookies.delete("__Host-access_token");

    const sent = await act(`${page}/disable`);
    expect([sent.status, sent.location]).toEqual([307, expect.stringMatching(/^\/session\/renew\?to=%2Fadmin/)]);
    const renewed = await visitor.post(sent.location ?? "", { reason: "Asked by phone" });
    expect([renewed.status, renewed.location]).toEqual([307, expect.stringContaining(`${page}/disable?user=`)]);
    const done = await visitor.post(renewed.location ?? "", { reason: "Asked by phone" });
    expect(done.location).toBe(`${page}?notice=disable`);
  });

  it.each(FOREIGN_FORMS)("a form from %s is refused and changes nothing", async (_, headers) => {
    const { act, page } = await createConsole();
    const before = await dumpRows();
    const paths = [`${page}/delete`, `${page}/roles`, "/admin/clients/create", "/admin/users/create", "/admin/nowhere"];
    for (const path of paths) {
      const { status, text } = await act(path, {}, headers);
      expect([path, status, text]).toEqual([path, 403, expect.stringContaining("origin_not_allowed")]);
    }
    expect(await dumpRows()).toEqual(before);
  });

  it("a form that was shown to another administrator, or is no form, changes nothing", async () => {
    const { visitor, page, jane, ada } = await createConsole();
    const before = await dumpRows();

    const other = await visitor.post(`${page}/disable?user=${jane.id}`, { reason: "x" });
    expect([other.status, mainOf(other.text)]).toEqual([200, expect.stringContaining("nothing was changed")]);
    const json = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
    const path = `${page}/disable?user=`;
    expect((await visitor.post(path + ada.id, { reason: "x" }, json)).status).toBe(400);
    expect((await visitor.post(path + ada.id, { reason: "x".repeat(20_000) })).status).toBe(413);
    expect(await dumpRows()).toEqual(before);
  });

  it("may be framed by nobody and loads nothing of other origins", async () => {
    const { visitor } = await createConsole();
    const { headers, text } = await visitor.get("/admin/users");

    const policy = headers.get("content-security-policy") ?? "";
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"])
      expect(policy).toContain(part);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/(src|href)="https?:|style=|onclick/);
    expect((await visitor.get("/admin/console.css")).headers.get("content-type")).toContain("text/css");
  });
});

it("without the Worker, there is no console", async () => {
  const { world } = await createWorldWithJane();
  Object.assign(world.env, { ADMIN_WORKER: undefined });
  const visitor = createVisitor(world);

  expect((await visitor.get("/admin/users")).status).toBe(404);
});
