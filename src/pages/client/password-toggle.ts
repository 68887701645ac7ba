/** Adds a button that reveals and hides a password. The input is not moved, to keep its focus. */
export function addPasswordToggle(input: HTMLInputElement) {
  const { show = "", hide = "" } = document.body.dataset;
  const label = input.labels?.[0]?.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", input.id);

  const setVisible = (isVisible: boolean) => {
    input.type = isVisible ? "text" : "password";
    button.textContent = isVisible ? hide : show;
    button.setAttribute("aria-label", `${button.textContent}: ${label}`);
  };
  setVisible(false);
  button.onclick = () => setVisible(input.type === "password");
  // Browsers offer to save a password only from an input of type "password".
  input.form?.addEventListener("submit", () => setVisible(false));
  input.after(button);
}
