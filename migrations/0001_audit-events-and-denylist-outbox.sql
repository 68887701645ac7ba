CREATE TABLE `audit_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`created_at` integer NOT NULL,
	`ip` text,
	`user_agent` text,
	`user_id` text,
	`session_id` text
);
--> statement-breakpoint
CREATE INDEX `audit_events_of_user` ON `audit_events` (`user_id`,`created_at`) WHERE type <> 'login_failed';--> statement-breakpoint
CREATE INDEX `audit_events_login_failures` ON `audit_events` (`user_id`,`created_at`) WHERE type = 'login_failed';--> statement-breakpoint
CREATE INDEX `audit_events_created_at` ON `audit_events` (`created_at`);--> statement-breakpoint
CREATE TABLE `denylist_outbox` (
	`session_id` text PRIMARY KEY NOT NULL,
	`revoked_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `denylist_outbox_revoked_at` ON `denylist_outbox` (`revoked_at`);--> statement-breakpoint
ALTER TABLE `sessions` ADD `rotated_at` integer;--> statement-breakpoint
CREATE INDEX `sessions_created_at` ON `sessions` (`created_at`);