// What pages gain by a script; each of them works without.

// The token of a link leaves the address bar and what is shared from there. It stays with this entry of the tab's history
// alone, for when the page is loaded again.
if (location.pathname === "/reset-password") {
  if (location.search) history.replaceState(location.search, "", location.pathname);
  else if (history.state) location.replace(location.pathname + history.state);
}

for (const input of document.querySelectorAll("input[type=password]")) {
  addToggle(input);
  if (input.dataset.strengths) addStrength(input);
}
for (const line of document.querySelectorAll("[data-countdown]")) countDown(line);

/** A button that shows what was typed. */
function addToggle(input) {
  const { show, hide } = document.body.dataset;
  const label = input.labels[0].textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-controls", input.id);
  const row = document.createElement("span");
  row.className = "secret";
  input.replaceWith(row);
  row.append(input, button);

  const set = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? hide : show;
    button.setAttribute("aria-label", `${button.textContent}: ${label}`);
  };
  set(false);
  button.onclick = () => set(input.type === "password");
  // So that the browser takes it for a password when it is sent.
  input.form.addEventListener("submit", () => set(false));
}

/** By its length, which is what counts; said in the place of the hint, so that nothing moves. */
function addStrength(input) {
  const [weak, fair, strong] = input.dataset.strengths.split("|");
  const hint = document.getElementById(`${input.id}-hint`);
  const before = hint.textContent;
  hint.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const { length } = [...input.value];
    hint.textContent = length < input.minLength ? before : length < 12 ? weak : length < 16 ? fair : strong;
  });
}

function countDown(line) {
  let seconds = Number(line.dataset.countdown);
  const timer = setInterval(() => {
    seconds--;
    line.textContent = line.dataset.template.replace("{seconds}", String(seconds));
    if (seconds > 0) return;
    clearInterval(timer);
    line.remove();
  }, 1000);
}
