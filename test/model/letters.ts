import { received } from "../support/outbox.ts";

/** A message in someone's mailbox or on someone's phone. */
export interface Letter {
  to: string;
  /** The kind of the queued message that it came from. */
  kind: string;
  /** The id of that message, and of the secret in it. */
  id: string;
  /** The browser that asked for it, as the message names it. */
  browserDigest: string | undefined;
  /** The path of the link in it, or "". */
  path: string;
  /** The secret of the link, in its query or fragment, or "". */
  token: string;
  /** Or "". */
  code: string;
}

/** Reads what the providers have received after the first `seen` requests. */
export async function lettersAfter(
  seen: number,
  message: Pick<Letter, "kind" | "id" | "browserDigest">,
): Promise<Letter[]> {
  return (await received()).slice(seen).map(({ path, body }) => {
    const fields = path === "/emails" ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const text: string = fields.text ?? fields.Body;
    const link = URL.parse(/https:\/\/\S+[?#]\S*token=[\w-]+/.exec(text)?.[0] ?? "");
    return {
      ...message,
      to: [fields.to ?? fields.To].flat()[0],
      path: link?.pathname ?? "",
      token: /[?&#]token=([\w-]+)/.exec(link?.href ?? "")?.[1] ?? "",
      code: /(?<![\d+])(\d{6}|\d{8})(?!\d)/.exec(text)?.[1] ?? "",
    };
  });
}

export const isResetLink = ({ token, path }: Letter) => token !== "" && path.includes("reset");
export const isLoginLink = ({ token, path }: Letter) => token !== "" && path.includes("sign-in");
export const isReleaseLink = ({ token, path }: Letter) => token !== "" && path.includes("release");
/** Tests for a code of this kind of message. */
export const isCode =
  (...kinds: string[]) =>
  ({ kind, code }: Letter) =>
    code !== "" && kinds.includes(kind);
