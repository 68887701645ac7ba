/**
 * Counts the seconds of `data-countdown` down to zero. A line then disappears, and a button can be
 * pressed.
 */
export function runCountdown(element: HTMLElement) {
  const { countdown, template = "" } = element.dataset;
  const finalText = element.textContent;
  const isButton = element instanceof HTMLButtonElement;
  let seconds = Number(countdown);
  const show = () => {
    element.textContent = template.replace("{seconds}", String(seconds));
  };
  if (isButton) {
    element.disabled = true;
    show();
  }
  const timer = setInterval(() => {
    seconds--;
    if (seconds > 0) return show();
    clearInterval(timer);
    if (!isButton) return element.remove();
    element.disabled = false;
    element.textContent = finalText;
  }, 1000);
}
