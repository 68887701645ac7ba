CREATE TABLE `pending_sign_ups` (
	`address` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`digest` text NOT NULL,
	`browser_digest` text,
	`requested_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`recent_attempts` integer DEFAULT 0 NOT NULL,
	`counted_since` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `pending_sign_ups_digest` ON `pending_sign_ups` (`digest`);--> statement-breakpoint
CREATE INDEX `pending_sign_ups_expires_at` ON `pending_sign_ups` (`expires_at`);--> statement-breakpoint
ALTER TABLE `one_time_secrets` ADD `browser_digest` text;--> statement-breakpoint
ALTER TABLE `one_time_secrets` ADD `used_by` text;