/** The client's knowledge of its user: `unknown` until the first call that needs a token. */
export interface SessionState {
  readonly status: "unknown" | "signed-in" | "signed-out";
  readonly userId: string | null;
}

interface Hooks {
  onSignedIn: (userId: string) => void;
  onSignedOut: () => void;
}

const UNKNOWN: SessionState = { status: "unknown", userId: null };
const SIGNED_OUT: SessionState = { status: "signed-out", userId: null };

/** Holds the state and reports its changes. Nothing that a listener throws reaches the client. */
export function createSessionState({ onSignedIn, onSignedOut }: Hooks, initial = UNKNOWN) {
  let state = initial;
  const listeners = new Set<() => void>();

  return {
    /** Returns the same object until the state changes. */
    get: () => state,

    set(userId: string | null) {
      if (state.status !== "unknown" && state.userId === userId) return;
      const wasSignedIn = state.status === "signed-in";
      state = userId === null ? SIGNED_OUT : { status: "signed-in", userId };
      // If another user has signed in, the page must drop the data of the previous one.
      if (wasSignedIn) run(onSignedOut);
      if (userId !== null) run(() => onSignedIn(userId));
      for (const listener of [...listeners]) run(listener);
    },

    subscribe(listener: () => void): () => void {
      const entry = () => listener();
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
  };
}

function run(listener: () => void) {
  try {
    listener();
  } catch (error) {
    console.error(error);
  }
}
