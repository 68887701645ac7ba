import { expect, it } from "vitest";
import { run, runOnTerminal, runProgram, turnOnApiKeys } from "../support/admin-clone.ts";
import { allInOneClone } from "../support/working-clone.ts";

allInOneClone(turnOnApiKeys);

it("an act that ends something for good needs --yes without a terminal", { timeout: 240_000 }, async () => {
  const acts = ["disable", "delete", "end-sessions", "void-password", "remove-factors", "unlink", "revoke-api-key"];
  for (const name of acts)
    await expect(run(name, "jane@example.com", ...(name === "unlink" ? ["linked"] : []))).rejects.toThrow(
      /^Nothing has changed\. Without a terminal, confirm with --yes\.$/,
    );
  const { status, stdout, stderr } = await runProgram("end-sessions", "jane@example.com");
  expect([status, stdout, stderr]).toEqual([1, "", "Nothing has changed. Without a terminal, confirm with --yes.\n"]);
});

it.runIf(process.platform === "linux")(
  "such an act asks for the address on a terminal, but never in CI",
  {
    timeout: 240_000,
  },
  async () => {
    const email = "jane@example.com";
    const { id } = JSON.parse(await run("create", "--email", email, "--json"));

    const inCi = await runOnTerminal(email, { CI: "true" }, "delete", id);
    expect([inCi.status, inCi.output]).toEqual([1, expect.stringMatching(/confirm with --yes/)]);
    const wrong = await runOnTerminal("y", {}, "delete", id);
    expect([wrong.status, wrong.output]).toEqual([1, expect.stringMatching(/Nothing has changed\.\s*$/)]);
    expect(await run("show", id)).toContain(`email: ${email}`);

    const right = await runOnTerminal(email, {}, "delete", id);
    expect([right.status, right.output]).toEqual([0, expect.stringMatching(/The account is deleted\.\s*$/)]);
    await expect(run("show", id)).rejects.toThrow(/^There is no account/);
  },
);
