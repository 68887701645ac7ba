/** Counts the seconds of `data-countdown` down to zero, then removes the line. */
export function runCountdown(line: HTMLElement) {
  const { countdown, template = "" } = line.dataset;
  let seconds = Number(countdown);
  const timer = setInterval(() => {
    seconds--;
    line.textContent = template.replace("{seconds}", String(seconds));
    if (seconds > 0) return;
    clearInterval(timer);
    line.remove();
  }, 1000);
}
