import { describe, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import type { OneOfFields, RequestFields, ResponseFields } from "../../src/schemas/contract-fields.ts";

interface Wire {
  name: string;
  nickname?: string | undefined;
}
const name = z.string();
const nickname = z.optional(z.string());

// Checked by the compiler.
describe("the check of a schema against the contract", () => {
  it("accepts fields that match the contract", () => {
    expectTypeOf({ name, nickname }).toExtend<RequestFields<Wire>>();
    expectTypeOf({ name, nickname }).toExtend<ResponseFields<Wire>>();
  });

  it("rejects a missing field, even an optional one", () => {
    expectTypeOf({ name }).not.toExtend<RequestFields<Wire>>();
    expectTypeOf({ name }).not.toExtend<ResponseFields<Wire>>();
    expectTypeOf({ email: nickname }).not.toExtend<OneOfFields<{ email: string } | { phone: string }>>();
  });

  it("rejects an unknown field", () => {
    // @ts-expect-error: the contract has no `surname`.
    const fields = { name, nickname, surname: name } satisfies RequestFields<Wire>;
    expectTypeOf(fields).toExtend<RequestFields<Wire>>();
  });

  it("rejects a field that accepts or returns less than the contract", () => {
    expectTypeOf({ name, nickname: name }).not.toExtend<RequestFields<Wire>>();
    expectTypeOf({ name, nickname: name }).not.toExtend<ResponseFields<Wire>>();
  });

  it("rejects a field that accepts or returns more than the contract", () => {
    expectTypeOf({ name: nickname, nickname }).not.toExtend<RequestFields<Wire>>();
    expectTypeOf({ name: nickname, nickname }).not.toExtend<ResponseFields<Wire>>();
  });
});
