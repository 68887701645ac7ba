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
}

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

export function createTabChannel<Message>(name: string, onMessage: (message: Message) => void): TabChannel<Message> {
  const { navigator, BroadcastChannel } = globalThis as unknown as Browser;
  const channel = BroadcastChannel && new BroadcastChannel(name);
  if (channel) channel.onmessage = ({ data }) => onMessage(data as Message);
  const locks = navigator?.locks;

  return {
    broadcast: (message) => channel?.postMessage(message),
    runExclusive: (act) =>
      locks
        ? new Promise((resolve, reject) => {
            let hasBegun = false;
            const run = async () => {
              hasBegun = true;
              await act().then(resolve, reject);
              await new Promise((release) => setTimeout(release, HEAD_START_MILLISECONDS));
            };
            const signal = AbortSignal.timeout(MAX_WAIT_MILLISECONDS);
            locks.request(name, { signal }, run).catch(() => (hasBegun ? undefined : act().then(resolve, reject)));
          })
        : act(),
    close: () => channel?.close(),
  };
}

/** The channel of a client that shares its session with no other tab. */
export const singleTab: TabChannel<unknown> = { broadcast: () => {}, runExclusive: (act) => act(), close: () => {} };
