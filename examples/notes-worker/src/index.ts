import { env } from "cloudflare:workers";
import { requireAuth } from "gatehouse-auth";
import { Hono } from "hono";

const MAX_LENGTH = 1000;
/** The maximum age of the authentication for dangerous requests. */
const RECENT_SECONDS = 300;

const notes = new Hono()
  .use(requireAuth({ auth: env.AUTH }))
  .get("/", async (c) => {
    const { results } = await env.DB.prepare("select id, text from notes where user_id = ? order by created_at desc")
      .bind(c.var.auth.sub)
      .all();
    return c.json({ notes: results });
  })
  .post("/", async (c) => {
    const body = await c.req.json<{ text?: unknown } | null>().catch(() => null);
    const text = body?.text;
    if (typeof text !== "string" || text === "" || text.length > MAX_LENGTH) {
      return c.json({ title: `Give a text of at most ${MAX_LENGTH} characters.` }, 422);
    }
    const note = { id: crypto.randomUUID(), text };
    await env.DB.prepare("insert into notes (id, user_id, text, created_at) values (?, ?, ?, ?)")
      .bind(note.id, c.var.auth.sub, text, Date.now())
      .run();
    return c.json(note, 201);
  })
  // Deletes all notes. Requires a recent authentication and a session that is active in the
  // database.
  .delete("/", requireAuth({ auth: env.AUTH, tier: "authoritative", maxAuthAge: RECENT_SECONDS }), async (c) => {
    await env.DB.prepare("delete from notes where user_id = ?").bind(c.var.auth.sub).run();
    return c.body(null, 204);
  })
  .delete("/:id", async (c) => {
    const { meta } = await env.DB.prepare("delete from notes where id = ? and user_id = ?")
      .bind(c.req.param("id"), c.var.auth.sub)
      .run();
    return meta.changes === 1 ? c.body(null, 204) : c.json({ title: "There is no such note." }, 404);
  });

/** Requires the role `support`, which `AdminService.setRoles` sets. */
const statistics = new Hono().get("/", requireAuth({ auth: env.AUTH, roles: ["support"] }), async (c) => {
  const count = await env.DB.prepare("select count(*) from notes").first("count(*)");
  return c.json({ notes: count });
});

export default new Hono()
  .route("/notes", notes)
  .route("/statistics", statistics)
  .all("*", (c) => env.GATEHOUSE.fetch(c.req.raw));
