DROP INDEX `sessions_user_id`;--> statement-breakpoint
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`,`revoked_at`);