/**
 * Adds buttons below a secret that is shown once: they copy it, save it as a file, and print the
 * page. `data-copy` and its siblings hold their texts. A key is copied without its spaces, a list
 * line by line.
 */
export function addSecretButtons(element: HTMLElement) {
  const { copy = "", copied = "", download, print: printing } = element.dataset;
  const lines = Array.from(element.querySelectorAll("li"), (line) => line.textContent);
  const text = lines.length > 0 ? lines.join("\n") : element.textContent.replace(/\s/g, "");

  const acts = document.createElement("div");
  acts.className = "acts";
  const add = (label: string, act: (button: HTMLButtonElement) => unknown) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary small";
    button.textContent = label;
    button.onclick = () => act(button);
    acts.append(button);
  };
  add(copy, async (button) => {
    await navigator.clipboard.writeText(text);
    button.textContent = copied;
    // Screen readers announce it.
    button.ariaLive = "polite";
  });
  if (download) add(download, () => save(text));
  if (printing) add(printing, () => print());
  element.after(acts);
}

/** Saves a text as a file that names the service. */
function save(text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${location.host}\n\n${text}\n`], { type: "text/plain" }));
  link.download = `recovery-codes-${location.hostname}.txt`;
  link.click();
  URL.revokeObjectURL(link.href);
}
