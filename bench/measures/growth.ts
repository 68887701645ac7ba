/** g. The cost per operation with 10,000, 100,000 and 1,000,000 users of five sessions each. */
import { type Cost, NEAR } from "../instrument.ts";
import { type Server, serve } from "../server.ts";
import { mean, median, round } from "../statistics.ts";
import { GATEHOUSE, OPERATIONS, type Operation, type Person } from "../subjects.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const SESSIONS_EACH = 5;
/** Rows per insert statement. */
const CHUNK = 50_000;
/** The number of users that run the operations, spread over all users. */
const SAMPLE = 40;
const DAY_MILLISECONDS = 86_400_000;

export interface Growth {
  users: number;
  operation: Operation;
  /** The time spent in the database. */
  d1Milliseconds: number;
  rowsRead: number;
  rowsWritten: number;
  /** The size of the whole database, divided by the number of users. */
  bytesAUser: number;
}

export async function growth(): Promise<Growth[]> {
  const server = await serve(GATEHOUSE);
  await GATEHOUSE.operations.register?.(server.call, { email: "user-0@example.com" });
  const rows: Growth[] = [];
  let users = 1;
  for (const size of SIZES) {
    while (users < size) {
      const count = Math.min(CHUNK, size - users);
      await grow(server, users, count);
      users += count;
    }
    const [last] = await server.sql("select 1");
    const bytesAUser = Math.round((last?.meta.size_after ?? 0) / size);
    const taken = await sample(server, size);
    for (const [operation, costs] of taken) {
      const middle = (key: keyof Cost) => median(costs.map((cost) => cost[key]));
      rows.push({
        users: size,
        operation,
        // The mean, because the clock of a Worker has a resolution of 1 ms.
        d1Milliseconds: round(mean(costs.map((cost) => cost.d1Milliseconds)), 2),
        rowsRead: middle("rowsRead"),
        rowsWritten: middle("rowsWritten"),
        bytesAUser,
      });
    }
    console.log(`growth: ${size} users done`);
  }
  await server.close();
  return rows;
}

async function sample(server: Server, size: number): Promise<Map<Operation, Cost[]>> {
  const taken = new Map<Operation, Cost[]>();
  for (let n = 0; n <= SAMPLE; n++) {
    const existing: Person = { email: `user-${Math.floor(Math.random() * size)}@example.com` };
    for (const operation of OPERATIONS) {
      const person = operation === "register" ? { email: `new-${size}-${n}@example.com` } : existing;
      const { all } = await server.measured(NEAR, async (call) => GATEHOUSE.operations[operation]?.(call, person));
      // The first run warms the Worker up.
      if (n > 0) taken.set(operation, [...(taken.get(operation) ?? []), all]);
    }
  }
  return taken;
}

/**
 * Inserts `count` users, numbered from `from`. They share the password hash of a registered user.
 */
async function grow(server: Server, from: number, count: number) {
  const now = Date.now();
  const uuid =
    "lower(printf('%s-%s-4%s-8%s-%s', hex(randomblob(4)), hex(randomblob(2)), substr(hex(randomblob(2)), 2), substr(hex(randomblob(2)), 2), hex(randomblob(6))))";
  const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  const born = `${now} - abs(random() % ${DAY_MILLISECONDS * 6})`;
  const newest = `users.rowid > (select max(rowid) - ${count} from users)`;
  await server.sql(
    `insert into users (id, email, email_verified_at, created_at, updated_at)
     with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${from + count - 1})
     select ${uuid}, 'user-' || i || '@example.com', ${now}, ${now}, ${now} from n`,
    `insert into passwords (user_id, hash)
     select id, (select hash from passwords join users on users.id = user_id where email = 'user-0@example.com')
     from users where ${newest}`,
  );
  for (let session = 0; session < SESSIONS_EACH; session++)
    await server.sql(
      `insert into sessions (id, user_id, created_at, last_used_at, expires_at, user_agent, ip)
       select ${uuid}, id, ${born}, ${now}, ${now + DAY_MILLISECONDS * 7}, '${agent}', '203.0.113.7' from users where ${newest}`,
      `insert into audit_events (type, created_at, ip, user_agent, user_id)
       select 'logged_in', ${born}, '203.0.113.7', '${agent}', id from users where ${newest}`,
    );
}
