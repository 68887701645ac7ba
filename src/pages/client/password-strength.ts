/**
 * Rates a new password by its length and shows the result in place of the hint, so that the layout
 * does not shift. `data-strengths` holds the three texts; inputs without it are left alone.
 */
export function addPasswordStrength(input: HTMLInputElement) {
  const hint = document.getElementById(`${input.id}-hint`);
  const { strengths } = input.dataset;
  if (!hint || !strengths) return;

  const [weak = "", fair = "", strong = ""] = strengths.split("|");
  const initial = hint.textContent;
  hint.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const { length } = [...input.value];
    hint.textContent = length < input.minLength ? initial : length < 12 ? weak : length < 16 ? fair : strong;
  });
}
