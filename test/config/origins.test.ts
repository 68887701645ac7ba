import { beforeEach, describe, expect, it, vi } from "vitest";
import { createWorld } from "../support/world.ts";

const logged: string[] = [];

beforeEach(() => {
  logged.length = 0;
  vi.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
});

describe("an entry of ALLOWED_ORIGINS", () => {
  it.each([
    "*",
    "capacitor://localhost:99999",
    "https://*.com.",
    "https://*.azurewebsites.net",
    "https://app.test/",
    "https://app.test/path",
    "https://App.test",
    "http://app.test",
    "http://10.evil.test",
    "http://192.168.1.5.evil.test:5173",
    "file://localhost",
    "javascript://localhost",
    "capacitor://",
    "capacitor://localhost/",
    "chrome-extension://*",
    "https://*",
    "https://*.dev",
    "https://*.co.uk",
    "https://*.pages.dev",
    "https://*.vercel.app",
    "https://*.surge.sh",
    "https://*.github.io",
    "https://*.herokuapp.com:8443",
    "https://*.ngrok.io",
    "https://*.eu.ngrok.io",
    "https://*.up.railway.app",
    "https://*.europe-west1.run.app",
    "https://*.s3.eu-central-1.amazonaws.com",
    "https://*.z6.web.core.windows.net",
    "https://*app.test",
    "https://app.*.test",
    "https://a.*.app.test",
    "https://*.*.app.test",
    "https://*.app.test/",
    "https://*.app.test/*",
    "http://*.app.test",
    "https://*.192.168.1.5",
  ])("is named among others: %s", async (entry) => {
    const { json } = await createWorld({ ALLOWED_ORIGINS: `https://a.test, ${entry},https://b.test` }).get("/health");

    expect(json.errors).toEqual([
      {
        path: "ALLOWED_ORIGINS",
        code: "invalid_setting",
        message: expect.stringContaining(`local network. ${entry} is not accepted.`),
      },
    ]);
  });

  it.each([
    ["https://App.test", "https://app.test"],
    ["HTTPS://app.test/", "https://app.test"],
    ["https://app.test:443", "https://app.test"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["https://*.App.test/", "https://*.app.test"],
    ["http://localhost:3000/", "http://localhost:3000"],
    ["https://*.Vercel.app", undefined],
    ["http://app.test/", undefined],
  ])("that a browser would spell otherwise is named with the right spelling: %s", async (entry, origin) => {
    const { json } = await createWorld({ ALLOWED_ORIGINS: entry }).get("/health");

    const [{ message }] = json.errors;
    expect(/is not accepted\.(?: Set (\S+)\.)?$/.exec(message)?.[1]).toBe(origin);
  });

  it("may be of a local network without https only while the service itself is local", async () => {
    for (const origin of ["http://192.168.1.5:5173", "http://[fd00::1]:5173", "http://mac.local"]) {
      const { json } = await createWorld({ ALLOWED_ORIGINS: origin }).get("/health");
      expect(json.errors).toMatchObject([{ path: "ALLOWED_ORIGINS", message: expect.stringContaining("Set https") }]);
      const local = createWorld({ ALLOWED_ORIGINS: origin, ISSUER: "http://localhost:8787" });
      expect((await local.get("http://localhost:8787/health")).status).toBe(200);
    }
  });

  it.each(["SG.canary.canary", "https://user:canary@app.test", `{"d":"canary"}`, "canary".repeat(7)])(
    "that may be a secret is named by its place: %s",
    async (entry) => {
      const { json, text } = await createWorld({ ALLOWED_ORIGINS: `https://a.test, ${entry}` }).get("/health");

      expect(json.errors[0].message).toContain("local network. Entry 2 is not accepted.");
      expect(text + logged.join()).not.toContain("canary");
    },
  );
});
