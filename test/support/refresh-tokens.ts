import { decodeJwt } from "jose";

export const START = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const DAY = 86_400 * SECOND;

export const generationOf = (token: string) => decodeJwt<{ gen: number }>(token).gen;
export const codeOf = async (answer: Promise<{ status: number; json: { code?: string } }>) => {
  const { status, json } = await answer;
  return [status, json?.code];
};
