import { createAuthClient } from "gatehouse-auth/client";

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const status = byId("status");
const credentials = byId<HTMLFormElement>("credentials");
const workspace = byId("workspace");
const list = byId("notes");

// Both are also called when another tab signs in or out.
const auth = createAuthClient(location.origin, { onSignedIn: () => enter(), onSignedOut: () => show("signed-out") });

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
  const loggedIn = await auth.login({ identifier: email, password });
  if (!loggedIn.ok) return explain(loggedIn);
  status.textContent = "";
  credentials.reset();
};

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
