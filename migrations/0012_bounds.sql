CREATE TABLE `__new_notices` (
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`user_id` text NOT NULL,
	`recipient` text NOT NULL,
	`locale` text,
	`created_at` integer NOT NULL,
	`repeated_at` integer,
	PRIMARY KEY(`id`, `recipient`)
);
--> statement-breakpoint
INSERT INTO `__new_notices`("id", "kind", "user_id", "recipient", "locale", "created_at", "repeated_at") SELECT "id", "kind", "user_id", "recipient", "locale", "created_at", "repeated_at" FROM `notices`;--> statement-breakpoint
DROP TABLE `notices`;--> statement-breakpoint
ALTER TABLE `__new_notices` RENAME TO `notices`;--> statement-breakpoint
CREATE INDEX `notices_created_at` ON `notices` (`created_at`);--> statement-breakpoint
CREATE INDEX `notices_unrepeated` ON `notices` (`created_at`) WHERE repeated_at is null;--> statement-breakpoint
DROP INDEX `audit_events_created_at`;--> statement-breakpoint
DROP INDEX `audit_events_by_owner`;--> statement-breakpoint
DROP INDEX `audit_events_by_anyone`;--> statement-breakpoint
CREATE INDEX `audit_events_of_user` ON `audit_events` (`user_id`,`type`,`created_at`);--> statement-breakpoint
CREATE INDEX `audit_events_by_owner` ON `audit_events` (`created_at`) WHERE type not in ('login_failed', 'secret_sent', 'message_withheld', 'otp_attempted');--> statement-breakpoint
CREATE INDEX `audit_events_by_anyone` ON `audit_events` (`created_at`) WHERE type in ('login_failed', 'secret_sent', 'message_withheld', 'otp_attempted');--> statement-breakpoint
ALTER TABLE `users` ADD `last_used_at` integer;--> statement-breakpoint
CREATE INDEX `users_unverified` ON `users` (`id`) WHERE (email_verified_at is null and phone_verified_at is null);--> statement-breakpoint
CREATE INDEX `sessions_revoked_at` ON `sessions` (`revoked_at`) WHERE revoked_at is not null;