import { readFileSync } from "node:fs";
import { build } from "esbuild";

const FOLDER = "workers/password-verifier";
const WASM = "argon2id/dist/simd.wasm";

/** The real password verifier, as a second Worker of vitest's workerd. */
export async function passwordVerifier() {
  const { outputFiles } = await build({
    entryPoints: [`${FOLDER}/src/index.ts`],
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["node:*", "cloudflare:*", "*.wasm"],
    write: false,
  });
  return {
    name: "gatehouse-password-verifier",
    compatibilityDate: "2026-11-02",
    compatibilityFlags: ["nodejs_compat"],
    modules: [
      { type: "ESModule" as const, path: "index.js", contents: outputFiles[0]?.text ?? "" },
      { type: "CompiledWasm" as const, path: WASM, contents: readFileSync(`node_modules/${WASM}`) },
    ],
  };
}
