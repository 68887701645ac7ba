/**
 * Where a native app or a command-line tool keeps its tokens, such as the keychain. Names consist
 * of letters, digits, `.`, `-` and `_`.
 */
export interface TokenStorage {
  get(name: string): Promise<string | null | undefined> | string | null | undefined;
  set(name: string, value: string): unknown;
  remove(name: string): unknown;
  /**
   * Runs `act` while no other program that uses this storage runs one. It is optional: without it,
   * programs that refresh at the same moment still get valid tokens, unless one of them also signs
   * in or out.
   */
  lock?(act: () => Promise<void>): Promise<unknown>;
}

type Name = "refresh_token" | "device_token";

/** Keeps tokens in memory, for a client without a storage. */
export function memoryStorage(): TokenStorage {
  const values = new Map<string, string>();
  return {
    get: (name) => values.get(name),
    set: (name, value) => values.set(name, value),
    remove: (name) => values.delete(name),
  };
}

/**
 * Reads and writes the tokens for the service at `baseUrl`. A value that cannot be written is kept
 * in memory and written later: the service has already replaced the previous token.
 */
export function createTokenStore(storage: TokenStorage, baseUrl: string, report: (error: unknown) => void) {
  const unsaved = new Map<Name, string | undefined>();
  /** The values that this client last saw in the storage. */
  const seen = new Map<Name, string | undefined>();
  const { protocol, host } = new URL(baseUrl);
  // A service without https must not get the tokens of the one with https.
  const service = `${protocol === "https:" ? "" : "http_"}${host.replace(/[^\w.-]/g, "_")}`;
  const nameOf = (name: Name) => `gatehouse.${service}.${name}`;

  /** Never throws. `undefined` removes the value. */
  async function write(name: Name, value: string | undefined): Promise<void> {
    unsaved.set(name, value);
    try {
      await (value === undefined ? storage.remove(nameOf(name)) : storage.set(nameOf(name), value));
      seen.set(name, value);
      if (unsaved.get(name) === value) unsaved.delete(name);
    } catch (error) {
      report(error);
    }
  }

  /** Reads what the storage has. A file or a keychain may add a line break. */
  async function load(name: Name): Promise<string | undefined> {
    return (await storage.get(nameOf(name)))?.trim() || undefined;
  }

  /** Writes a value again, unless another program has written one since. */
  async function writeAgain(name: Name, value: string | undefined): Promise<void> {
    try {
      if (!seen.has(name) || (await load(name)) === seen.get(name)) await write(name, value);
      else unsaved.delete(name);
    } catch (error) {
      report(error);
    }
  }

  return {
    write,
    /** Throws what the storage throws. */
    async read(name: Name): Promise<string | undefined> {
      if (unsaved.has(name)) return unsaved.get(name);
      const value = await load(name);
      seen.set(name, value);
      return value;
    },
    /** Writes what could not be written before. */
    async retry(): Promise<void> {
      for (const [name, value] of unsaved) await writeAgain(name, value);
    },
  };
}
