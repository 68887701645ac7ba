import type { WorkerEntrypoint } from "cloudflare:workers";
import { describe, expectTypeOf, it } from "vitest";
import type * as z from "zod";
import type { AccountChange, NewAccount, Account as ServiceAccount } from "../../src/features/admin/accounts.ts";
import type { AccountEvent } from "../../src/features/admin/lists.ts";
import type { Register } from "../../src/features/register/register.ts";
import type { SessionList } from "../../src/features/sessions/session.ts";
import type { AdminService, AuthService } from "../../src/index.ts";
import type { IssuedTokens } from "../../src/schemas/tokens.ts";
import type { User } from "../../src/schemas/user.ts";
import type * as client from "../../src/sdk/index.ts";

/** What stands on an entrypoint besides what the runtime knows of. */
type Methods<Entrypoint> = Exclude<keyof Entrypoint, keyof WorkerEntrypoint>;

// Checked by the compiler: what the client says of the service is what the service says of itself.
describe("the types of the client", () => {
  it("are the service's own", () => {
    expectTypeOf<client.User>().toEqualTypeOf<User>();
    expectTypeOf<client.Account>().branded.toEqualTypeOf<ServiceAccount>();
    expectTypeOf<client.AccountEvent>().toEqualTypeOf<AccountEvent>();
    expectTypeOf<client.Session>().toEqualTypeOf<SessionList["sessions"][number]>();
    expectTypeOf<client.Tokens>().branded.toEqualTypeOf<IssuedTokens>();
    expectTypeOf<client.Registration>().toExtend<z.input<typeof Register>>();
    expectTypeOf<z.input<typeof Register>>().toExtend<client.Registration>();
    expectTypeOf<Parameters<client.AdminService["createUser"]>[0]>().toExtend<z.input<typeof NewAccount>>();
    expectTypeOf<Parameters<client.AdminService["updateUser"]>[1]>().toExtend<
      Omit<z.input<typeof AccountChange>, "id">
    >();
  });

  it("have every method, and no other", () => {
    expectTypeOf<keyof client.AuthService>().toEqualTypeOf<Methods<AuthService>>();
    expectTypeOf<keyof client.AdminService>().toEqualTypeOf<Methods<AdminService>>();
    expectTypeOf<AuthService>().toExtend<client.AuthService>();
    expectTypeOf<AdminService>().toExtend<client.AdminService>();
    expectTypeOf<Service<AuthService>>().toExtend<Pick<client.AuthService, "keys" | "verify">>();
  });
});
