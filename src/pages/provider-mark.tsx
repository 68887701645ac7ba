/**
 * The marks of identity providers, as their brand rules ask: Google's and Microsoft's in their
 * colors, GitHub's and Apple's in the color of the text, which fits light and dark.
 */
import type { AppEnv } from "../http/app-env.ts";

type Kind = AppEnv["Variables"]["deps"]["config"]["IDENTITY_PROVIDERS"][number]["kind"];

/** The side of each square view box, and its colored paths. */
const MARKS: Record<Kind, [number, ...[path: string, color?: string][]]> = {
  google: [
    18,
    ["M17.6 9.2c0-.6 0-1.2-.1-1.8H9v3.5h4.8a4 4 0 0 1-1.8 2.7v2.3h3a8.8 8.8 0 0 0 2.6-6.7z", "#4285f4"],
    ["M9 18c2.4 0 4.5-.8 6-2.2l-3-2.2a5.4 5.4 0 0 1-8-2.9H1V13a9 9 0 0 0 8 5z", "#34a853"],
    ["M4 10.7a5.4 5.4 0 0 1 0-3.4V5H1a9 9 0 0 0 0 8l3-2.3z", "#fbbc05"],
    ["M9 3.6c1.3 0 2.5.4 3.4 1.3L15 2.3A9 9 0 0 0 1 5l3 2.3a5.4 5.4 0 0 1 5-3.7z", "#ea4335"],
  ],
  github: [
    16,
    [
      "M8 0a8 8 0 0 0-2.5 15.6c.4 0 .5-.2.5-.4v-1.5c-2 .4-2.5-.5-2.7-1-.1-.2-.5-.9-.8-1.1-.3-.2-.7-.5 0-.5.6 0 1 .6 1.2.8.7 1.2 1.9.9 2.3.7.1-.5.3-.9.5-1.1-1.8-.2-3.6-.9-3.6-4 0-.8.3-1.5.8-2.1 0-.2-.4-1 .1-2.1 0 0 .7-.2 2.2.8a7.6 7.6 0 0 1 4 0c1.5-1 2.2-.8 2.2-.8.5 1.1.1 1.9.1 2.1.5.6.8 1.3.8 2.1 0 3.1-1.9 3.8-3.6 4 .3.2.5.7.5 1.5v2.2c0 .2.1.4.5.4A8 8 0 0 0 8 0z",
    ],
  ],
  microsoft: [
    21,
    ["M0 0h10v10H0z", "#f25022"],
    ["M11 0h10v10H11z", "#7fba00"],
    ["M0 11h10v10H0z", "#00a4ef"],
    ["M11 11h10v10H11z", "#ffb900"],
  ],
  apple: [
    24,
    [
      "M12.2 6.9c-1 0-2.5-1-4-1a5.9 5.9 0 0 0-5 3c-2 3.7-.5 9.1 1.6 12.1 1 1.5 2.2 3.1 3.8 3 1.5 0 2-1 3.9-1s2.4 1 4 1c1.6 0 2.7-1.5 3.7-3a13 13 0 0 0 1.6-3.4 5.3 5.3 0 0 1-3.2-4.9c0-3 2.5-4.4 2.6-4.5a5.6 5.6 0 0 0-4.4-2.4c-2-.1-3.7 1.1-4.6 1.1zm3.3-3.1c.8-1 1.4-2.4 1.2-3.8-1.2 0-2.6.8-3.5 1.8-.8.9-1.5 2.3-1.3 3.7 1.3.1 2.7-.7 3.6-1.7z",
    ],
  ],
  // A key.
  oidc: [
    20,
    [
      "M13 1a6 6 0 0 0-5.7 7.9L1 15.2V19h4v-2h2v-2h2l2.1-2.3A6 6 0 1 0 13 1zm1.5 6a1.5 1.5 0 1 1 0-3 1.5 1.5 0 0 1 0 3z",
    ],
  ],
};

export function ProviderMark({ kind }: { kind: Kind }) {
  const [side, ...paths] = MARKS[kind];
  return (
    <svg viewBox={`0 0 ${side} ${side}`} width="18" height="18" fill="currentColor" aria-hidden="true">
      {paths.map(([d, fill]) => (
        <path d={d} fill={fill} />
      ))}
    </svg>
  );
}
