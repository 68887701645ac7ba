import * as examples from "../../src/http/examples.ts";

export const { FRESH_PASSWORD, PASSWORD } = examples;
export const WRONG_PASSWORD = "wrong-horse-7";
