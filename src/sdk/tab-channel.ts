/** The parts of a browser that tell its tabs apart, where there is one. */
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

/** What was told goes another way than the lock, and has to be there first. */
const HEAD_START_MILLISECONDS = 50;
/** Longer than any turn takes: a tab that holds its turn for longer hangs, and the others go on without the lock. */
const LONGEST_WAIT_MILLISECONDS = 40_000;

/** The tabs of one origin, which share a session by its cookie: one acts at a time, and tells the others. */
export interface TabChannel<Message> {
  broadcast(message: Message): void;
  /** Answers when the act is done, and lets the next tab act a little later. */
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
            const turn = async () => {
              hasBegun = true;
              await act().then(resolve, reject);
              await new Promise((release) => setTimeout(release, HEAD_START_MILLISECONDS));
            };
            const signal = AbortSignal.timeout(LONGEST_WAIT_MILLISECONDS);
            locks.request(name, { signal }, turn).catch(() => (hasBegun ? undefined : act().then(resolve, reject)));
          })
        : act(),
    close: () => channel?.close(),
  };
}

/** Who has a session of their own. */
export const singleTab: TabChannel<unknown> = { broadcast: () => {}, runExclusive: (act) => act(), close: () => {} };
