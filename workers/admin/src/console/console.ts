/** The console: pages for administrators, in the style of the hosted pages. */
import { Hono } from "hono";
import { limitBody } from "../../../../src/http/body.ts";
import { logError, OwnError } from "../../../../src/log.ts";
import { err } from "../../../../src/result.ts";
import { chooseWords, fromOwnPage, requireAdministrator } from "./access.tsx";
import { clientActs } from "./client-acts.tsx";
import { clientsPage } from "./clients-page.tsx";
import type { ConsoleEnv } from "./console-env.ts";
import { failurePage } from "./layout.tsx";
import { messagesPage } from "./messages-page.tsx";
import { styles } from "./styles.ts";
import { userActs } from "./user-acts.tsx";
import { userPage } from "./user-page.tsx";
import { usersPage } from "./users-page.tsx";

export const consolePages = new Hono<ConsoleEnv>({ strict: false })
  .use((c, next) => {
    c.set("renderFailure", failurePage);
    return next();
  })
  .use(chooseWords, fromOwnPage, requireAdministrator, limitBody)
  .get("/console.css", (c) => c.body(styles, 200, { "Content-Type": "text/css; charset=utf-8" }))
  .get("/", (c) => c.redirect("/admin/users", 303))
  .route("/", usersPage)
  .route("/", userActs)
  .route("/", userPage)
  .route("/", clientActs)
  .route("/", clientsPage)
  .route("/", messagesPage)
  .notFound((c) => failurePage(c, err("not_found")))
  .onError((error, c) => {
    logError(
      "request_failed",
      error instanceof Error ? error : new OwnError("Something else than an error was thrown."),
    );
    return failurePage(c, err("internal_error"));
  });
