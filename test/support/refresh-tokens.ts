import { decodeRefreshToken } from "../../src/crypto/tokens.ts";

export const START = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const DAY = 86_400 * SECOND;

export const generationOf = (token: string) => decodeRefreshToken(token)?.generation;
/** In Unix seconds. */
export const expiryOf = (token: string) => decodeRefreshToken(token)?.expiresAt;
export const codeOf = async (answer: Promise<{ status: number; json: { code?: string } }>) => {
  const { status, json } = await answer;
  return [status, json?.code];
};
