CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`user_id` text NOT NULL,
	`recipient` text NOT NULL,
	`locale` text,
	`created_at` integer NOT NULL,
	`repeated_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notices_of_user` ON `notices` (`user_id`);--> statement-breakpoint
CREATE INDEX `notices_created_at` ON `notices` (`created_at`);--> statement-breakpoint
CREATE INDEX `notices_unrepeated` ON `notices` (`created_at`) WHERE repeated_at is null;--> statement-breakpoint
CREATE TABLE `one_time_secrets` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`purpose` text NOT NULL,
	`address` text NOT NULL,
	`digest` text NOT NULL,
	`requested_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`spent_at` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_attempt_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `one_time_secrets_of_user` ON `one_time_secrets` (`user_id`);--> statement-breakpoint
CREATE INDEX `one_time_secrets_digest` ON `one_time_secrets` (`digest`);--> statement-breakpoint
CREATE INDEX `one_time_secrets_expires_at` ON `one_time_secrets` (`expires_at`);--> statement-breakpoint
CREATE TABLE `requested_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`recipient` text NOT NULL,
	`calling_code` text,
	`kind` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `requested_messages_to` ON `requested_messages` (`recipient`,`kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `requested_messages_of_user` ON `requested_messages` (`user_id`,`kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `requested_messages_country` ON `requested_messages` (`calling_code`,`created_at`);--> statement-breakpoint
CREATE INDEX `requested_messages_texts` ON `requested_messages` (`created_at`) WHERE calling_code is not null;--> statement-breakpoint
CREATE INDEX `requested_messages_created_at` ON `requested_messages` (`created_at`);--> statement-breakpoint
DROP INDEX `audit_events_of_user`;--> statement-breakpoint
DROP INDEX `audit_events_login_failures`;--> statement-breakpoint
CREATE INDEX `audit_events_by_owner` ON `audit_events` (`user_id`,`created_at`) WHERE type not in ('login_failed', 'secret_sent', 'message_withheld', 'code_presented');--> statement-breakpoint
CREATE INDEX `audit_events_by_anybody` ON `audit_events` (`user_id`,`created_at`) WHERE type in ('login_failed', 'secret_sent', 'message_withheld', 'code_presented');--> statement-breakpoint
ALTER TABLE `users` ADD `locale` text;