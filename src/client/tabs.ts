/** The parts of a browser that tell its tabs apart, where there is one. */
interface Browser {
  navigator?: { locks?: { request(name: string, act: () => Promise<void>): Promise<void> } };
  BroadcastChannel?: new (
    name: string,
  ) => {
    postMessage(message: unknown): void;
    onmessage: ((event: { data: unknown }) => void) | null;
  };
}

/** What was told goes another way than the lock, and has to be there first. */
const HEAD_START_MILLISECONDS = 50;

/** The tabs of one origin that share a session by its cookie: one acts at a time, and tells the others. */
export interface Tabs<Message> {
  tell(message: Message): void;
  /** Answers when the act is done, and lets the next tab act a little later. */
  inTurn<T>(act: () => Promise<T>): Promise<T>;
}

export function joinTabs<Message>(name: string, hear: (message: Message) => void): Tabs<Message> {
  const { navigator, BroadcastChannel } = globalThis as unknown as Browser;
  const channel = BroadcastChannel && new BroadcastChannel(name);
  if (channel) channel.onmessage = ({ data }) => hear(data as Message);
  const locks = navigator?.locks;

  return {
    tell: (message) => channel?.postMessage(message),
    inTurn: (act) =>
      locks
        ? new Promise((resolve, reject) => {
            const turn = async () => {
              await act().then(resolve, reject);
              await new Promise((release) => setTimeout(release, HEAD_START_MILLISECONDS));
            };
            locks.request(name, turn).catch(reject);
          })
        : act(),
  };
}

/** Who has a session of their own. */
export const alone: Tabs<unknown> = { tell: () => {}, inTurn: (act) => act() };
