/** The time after which a form can be sent again, for a user who has stopped the first attempt. */
const MOST_MILLISECONDS = 10_000;

/**
 * Ignores further submits of a form, such as the second click of a double click, while the first
 * one is under way, and marks its button meanwhile.
 */
export function guardSubmit(form: HTMLFormElement) {
  let button: HTMLElement | null | undefined;
  const release = () => {
    button?.removeAttribute("aria-disabled");
    button = undefined;
  };
  form.addEventListener("submit", (event) => {
    if (button !== undefined) return event.preventDefault();
    button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    setTimeout(release, MOST_MILLISECONDS);
  });
  // The browser may show this page again as it left it.
  addEventListener("pageshow", release);
}
