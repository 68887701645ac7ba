/**
 * Says while a new password is typed why the service would refuse it, by the rules of the service.
 * The list of common passwords is loaded when the user enters the field.
 */
import { isCommonIn, isIdentifier, parseList } from "../../passwords/quality.ts";

const LIST = "/pages/common-passwords.txt";

let list: Promise<Set<string>> | undefined;

/** Loads the list. If that fails, only the service checks. */
const loadList = () =>
  fetch(LIST)
    .then(
      (answer) => (answer.ok ? answer.text() : ""),
      () => "",
    )
    .then((text) => {
      // The next focus tries again.
      if (!text) list = undefined;
      return parseList(text);
    });

/** `data-reasons` holds the texts by error code. Inputs without it are left alone. */
export function addPasswordFeedback(input: HTMLInputElement) {
  const hint = document.getElementById(`${input.id}-hint`);
  const { reasons } = input.dataset;
  if (!hint || !reasons) return;

  const texts: Record<string, string> = JSON.parse(reasons);
  const initial = hint.textContent;
  hint.setAttribute("role", "status");
  input.addEventListener("focus", () => {
    list ??= loadList();
  });
  input.addEventListener("input", async () => {
    list ??= loadList();
    const common = await list;
    const reason = isCommonIn(common, input.value)
      ? texts["common_password"]
      : isIdentifier(input.value, namesBeside(input), location.hostname)
        ? texts["identifier_as_password"]
        : undefined;
    hint.textContent = reason ?? initial;
    hint.className = reason ? "error" : "hint";
  });
}

/** The account that the form names, by an identifier of any kind. */
function namesBeside({ form }: HTMLInputElement) {
  const named = form?.querySelector<HTMLInputElement>("[autocomplete=username]")?.value;
  return { email: named, phone: named, username: named };
}
