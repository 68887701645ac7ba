import { describe, expect, it } from "vitest";
import { changes, eachInItsProject, project, run } from "../support/deployed-project.ts";

const FIRST = ["--env", "production", "--domain", "auth.example.com", "--mail-from", 'Acme "A" <auth@example.com>'];

eachInItsProject();

// wrangler's parser takes seconds to load on a busy machine.
describe("the secrets of npm run deploy", { timeout: 120_000 }, () => {
  it("keeps secrets that exist, also those of rotations", async () => {
    const secrets = { JWT_SIGNING_KEYS_1790000000: "key", PEPPER_1790000000: "pepper" };
    project.set({ workers: { "gatehouse-production": { secrets, deployments: [] } } });

    await run(...FIRST);

    expect(project.account().workers["gatehouse-production"]?.secrets).toEqual(secrets);
    expect(changes()).not.toContain("secret bulk --env=production");
  });

  it("keeps secrets that another first deployment sets meanwhile", async () => {
    const secrets = { JWT_SIGNING_KEYS: "key", PEPPER: "pepper" };
    const { startWrangler } = project.host;
    project.host.startWrangler = (args, start) => {
      const answer = startWrangler(args, start);
      if (args.slice(0, 3).join(" ") === "kv namespace create")
        project.set({ workers: { "gatehouse-production": { secrets, deployments: [] } } });
      return answer;
    };

    await run(...FIRST);

    const { workers } = project.account();
    expect(workers["gatehouse-production"]).toMatchObject({
      secrets,
      deployments: [{ secrets: Object.keys(secrets) }],
    });
    expect(changes()).not.toContain("secret bulk --env=production");
  });

  it("adds only the secret that is missing", async () => {
    project.set({ workers: { "gatehouse-production": { secrets: { PEPPER: "pepper" }, deployments: [] } } });

    await run(...FIRST);

    const { secrets } = project.account().workers["gatehouse-production"]!;
    expect([Object.keys(secrets), secrets["PEPPER"]]).toEqual([["PEPPER", "JWT_SIGNING_KEYS"], "pepper"]);
  });

  it("asks for the key of the mail provider at a terminal, and shows none", async () => {
    const questions: unknown[] = [];
    project.host.isInteractive = true;
    project.host.ask = async (question, isHidden) => {
      questions.push([question.slice(0, 17), isHidden]);
      return " re_123 ";
    };

    await run(...FIRST);

    const { secrets } = project.account().workers["gatehouse-production"]!;
    expect([secrets["RESEND_API_KEY"], questions]).toEqual(["re_123", [["API key of Resend", true]]]);
    const shown = [...project.printed, ...project.commands()].join("\n");
    for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
  });
});
