import { fill } from "../../locales/fill.ts";

/** Adds a button that reveals and hides a password. The input is not moved, to keep its focus. */
export function addPasswordToggle(input: HTMLInputElement) {
  const { show = "", hide = "", labeled = "" } = document.body.dataset;
  const value = input.labels?.[0]?.textContent ?? "";
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", input.id);

  const setVisible = (isVisible: boolean) => {
    input.type = isVisible ? "text" : "password";
    const label = isVisible ? hide : show;
    button.textContent = label;
    button.setAttribute("aria-label", fill(labeled, { label, value }));
  };
  setVisible(false);
  button.onclick = () => setVisible(input.type === "password");
  // Browsers offer to save a password only from an input of type "password".
  input.form?.addEventListener("submit", () => setVisible(false));
  input.after(button);
}
