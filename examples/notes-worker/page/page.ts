import { createAuthClient } from "gatehouse-auth/client";

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const status = byId("status");
const credentials = byId<HTMLFormElement>("credentials");
const workspace = byId("workspace");
const list = byId("notes");

const dialog = byId<HTMLDialogElement>("dialog");
const answer = byId<HTMLInputElement>("answer");

const auth = createAuthClient(location.origin, {
  // Both are also called when another tab signs in or out.
  onSignedIn: () => enter(),
  onSignedOut: () => show("signed-out"),
  // A request needs a recent authentication, such as "Delete all".
  async onStepUp({ acr }) {
    const proof = acr === "aal2" ? { code: await askForCode() } : { password: await ask("Password", "password") };
    const done = await auth.reauthenticate(proof);
    return done.ok;
  },
});

/** Asks in a dialog. Returns an empty text if the person cancels. */
function ask(question: string, type: "password" | "text"): Promise<string> {
  byId("question").textContent = question;
  answer.type = type;
  answer.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.onclose = () => done(dialog.returnValue === "send" ? answer.value : "");
  });
}

const askForCode = () => ask("Code of your authenticator app, or a recovery code", "text");

function show(state: "signed-in" | "signed-out") {
  credentials.hidden = state === "signed-in";
  workspace.hidden = state === "signed-out";
  if (state === "signed-out") list.replaceChildren();
}

async function enter() {
  const me = await auth.me();
  if (!me.ok) {
    if (me.code !== "unauthenticated") explain(me);
    return show("signed-out");
  }
  byId("who").textContent = me.value.email ?? me.value.username;
  show("signed-in");
  await showNotes();
}

async function showNotes() {
  const response = await auth.fetch("/notes").catch(() => Response.error());
  if (!response.ok) return;
  const { notes } = (await response.json()) as { notes: { id: string; text: string }[] };
  list.replaceChildren(...notes.map(toItem));
}

function toItem({ id, text }: { id: string; text: string }) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.textContent = "Delete";
  button.setAttribute("aria-label", `Delete ${text}`);
  button.onclick = () => act(() => auth.fetch(`/notes/${id}`, { method: "DELETE" }));
  item.append(text, " ", button);
  return item;
}

async function act(request: () => Promise<Response>) {
  const response = await request().catch(() => Response.error());
  if (response.status === 401) status.textContent = "Log in again to do that.";
  else status.textContent = response.ok ? "" : "That did not work.";
  await showNotes();
}

credentials.onsubmit = async (event) => {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(credentials)) as { email: string; password: string };
  if ((event.submitter as HTMLButtonElement).value === "register") {
    const registered = await auth.register({ email, password });
    if (!registered.ok) return explain(registered);
  }
  const loggedIn = await login(email, password);
  if (!loggedIn.ok) return explain(loggedIn);
  status.textContent = "";
  credentials.reset();
};

/** Signs in, in two steps if the account has a second factor. */
async function login(identifier: string, password: string) {
  const first = await auth.login({ identifier, password });
  if (first.ok || first.code !== "second_factor_required") return first;
  return auth.secondFactor({ login_token: first.login_token, code: await askForCode() });
}

function explain({ code, errors = [] }: { code: string; errors?: { path: string; message: string }[] }) {
  const fields = errors.map(({ path, message }) => `${path}: ${message}`).join(" ");
  status.textContent = fields || code.replaceAll("_", " ");
}

byId<HTMLFormElement>("new").onsubmit = async (event) => {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const body = JSON.stringify(Object.fromEntries(new FormData(form)));
  await act(() => auth.fetch("/notes", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
  form.reset();
};
byId("clear").onclick = () => act(() => auth.fetch("/notes", { method: "DELETE" }));
byId("leave").onclick = () => auth.logout();

// Finds the session of an earlier visit.
const session = await auth.accessToken();
if (!session.ok) {
  if (session.code !== "unauthenticated") explain(session);
  show("signed-out");
}
