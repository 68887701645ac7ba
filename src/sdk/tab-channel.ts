/** The browser APIs that connect tabs. None of them exists in a Worker. */
interface Browser {
  navigator?: { locks?: { request(name: string, options: object, act: () => Promise<void>): Promise<void> } };
  BroadcastChannel?: new (
    name: string,
  ) => {
    postMessage(message: unknown): void;
    onmessage: ((event: { data: unknown }) => void) | null;
    close(): void;
  };
  addEventListener?(type: string, listener: () => void, options: object): void;
}

/** A person comes back to the page, perhaps from another page on which they signed in. */
const RETURNS = ["focus", "pageshow", "visibilitychange"];

/** A broadcast must reach the other tabs before the lock is released. */
const HEAD_START_MILLISECONDS = 50;
/** Longer than any act takes. After this, a tab that holds the lock hangs and is ignored. */
const MAX_WAIT_MILLISECONDS = 40_000;

/** Connects the tabs of an origin, which share one session through its cookie. */
export interface TabChannel<Message> {
  broadcast(message: Message): void;
  /** Runs `act` while no other tab does. Releases the lock shortly after `act` is done. */
  runExclusive<T>(act: () => Promise<T>): Promise<T>;
  close(): void;
}

export function createTabChannel<Message>(
  name: string,
  onMessage: (message: Message) => void,
  onReturn: () => void,
): TabChannel<Message> {
  const { navigator, BroadcastChannel } = globalThis as unknown as Browser;
  const listening = new AbortController();
  const { signal } = listening;
  for (const type of RETURNS) (globalThis as unknown as Browser).addEventListener?.(type, onReturn, { signal });
  const channel = BroadcastChannel && new BroadcastChannel(name);
  if (channel) channel.onmessage = ({ data }) => onMessage(data as Message);
  const locks = navigator?.locks;

  return {
    broadcast: (message) => channel?.postMessage(message),
    runExclusive: (act) =>
      locks
        ? runLocked(
            (run) =>
              locks.request(name, { signal: AbortSignal.timeout(MAX_WAIT_MILLISECONDS) }, async () => {
                await run();
                await new Promise((release) => setTimeout(release, HEAD_START_MILLISECONDS));
              }),
            act,
          )
        : act(),
    close() {
      listening.abort();
      channel?.close();
    },
  };
}

/** Something that runs a function while it runs no other. */
type Lock = (run: () => Promise<void>) => Promise<unknown>;

/** The channel of a client that shares its session with no other tab. */
export const singleTab = (lock?: Lock): TabChannel<unknown> => ({
  broadcast: () => {},
  runExclusive: (act) => (lock ? runLocked(lock, act) : act()),
  close: () => {},
});

/** Runs `act` under a lock, or without it if the lock fails. */
const runLocked = <T>(lock: Lock, act: () => Promise<T>) =>
  new Promise<T>((resolve, reject) => {
    let hasBegun = false;
    const run = () => {
      hasBegun = true;
      return act().then(resolve, reject);
    };
    lock(run).catch(() => (hasBegun ? undefined : run()));
  });
