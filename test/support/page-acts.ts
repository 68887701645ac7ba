/** Actions of a person on the hosted pages in a browser. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { readOutbox } from "../../src/sdk/testing.ts";
import { type } from "./keyboard.ts";

export const PASSWORD = "correct-horse-7";

/** Waits for the page with this heading. */
export const heading = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name, exact: true }).waitFor();

/** Returns what is in the latest message to this address: its link or its code. */
export async function received(page: Page, to: string, what: "code" | "link"): Promise<string> {
  let found: string | null | undefined;
  await expect
    .poll(async () => {
      const messages = await readOutbox(new URL(page.url()).origin);
      found = messages.find((message) => message.to === to && message[what])?.[what];
      return found;
    })
    .toBeTruthy();
  return found ?? "";
}

/** Creates an account by keyboard, which signs in. */
export async function signUp(page: Page, email: string) {
  await page.goto("/sign-up");
  await type(page, { "Email or phone": email, Password: PASSWORD });
  await heading(page, "Check your email");
  await type(page, { Code: await received(page, email, "code") });
  await heading(page, "Your account");
  await page.getByText("Your email or phone number is verified.").waitFor();
}

/** Signs in by keyboard. */
export async function signIn(page: Page, identifier: string, password: string) {
  await page.goto("/sign-in");
  await type(page, { "Email, phone": identifier, Password: password });
  await heading(page, "Your account");
}
