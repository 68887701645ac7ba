CREATE TABLE `oauth_clients` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`first_party` integer DEFAULT false NOT NULL,
	`auth_method` text NOT NULL,
	`secret_digest` text,
	`old_secret_digest` text,
	`old_secret_expires_at` integer,
	`jwks` text,
	`redirect_uris` text NOT NULL,
	`post_logout_redirect_uris` text DEFAULT '[]' NOT NULL,
	`grant_types` text NOT NULL,
	`scopes` text,
	`created_at` integer NOT NULL,
	`kind` text DEFAULT 'registered' NOT NULL,
	`fresh_until` integer
);
--> statement-breakpoint
CREATE INDEX `oauth_clients_unregistered` ON `oauth_clients` (`created_at`) WHERE (kind <> 'registered');--> statement-breakpoint
CREATE TABLE `oauth_codes` (
	`digest` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`user_id` text NOT NULL,
	`session_id` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`code_challenge` text NOT NULL,
	`nonce` text,
	`scope` text NOT NULL,
	`resource` text,
	`amr` text NOT NULL,
	`authenticated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`spent_at` integer,
	`used_by` text,
	FOREIGN KEY (`client_id`) REFERENCES `oauth_clients`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `oauth_codes_expires_at` ON `oauth_codes` (`expires_at`);--> statement-breakpoint
CREATE INDEX `oauth_codes_of_user` ON `oauth_codes` (`user_id`);--> statement-breakpoint
CREATE INDEX `oauth_codes_of_client` ON `oauth_codes` (`client_id`);--> statement-breakpoint
CREATE TABLE `oauth_device_codes` (
	`digest` text PRIMARY KEY NOT NULL,
	`user_code_digest` text NOT NULL,
	`client_id` text NOT NULL,
	`scopes` text NOT NULL,
	`resource` text,
	`network` text,
	`expires_at` integer NOT NULL,
	`polled_at` integer,
	`interval_seconds` integer NOT NULL,
	`answer` text,
	FOREIGN KEY (`client_id`) REFERENCES `oauth_clients`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `oauth_device_codes_user_code` ON `oauth_device_codes` (`user_code_digest`);--> statement-breakpoint
CREATE INDEX `oauth_device_codes_of_client` ON `oauth_device_codes` (`client_id`,`network`);--> statement-breakpoint
CREATE INDEX `oauth_device_codes_expires_at` ON `oauth_device_codes` (`expires_at`);--> statement-breakpoint
CREATE TABLE `oauth_grants` (
	`user_id` text NOT NULL,
	`client_id` text NOT NULL,
	`resource` text NOT NULL,
	`scopes` text NOT NULL,
	`granted_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `client_id`, `resource`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`client_id`) REFERENCES `oauth_clients`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `oauth_grants_of_client` ON `oauth_grants` (`client_id`);--> statement-breakpoint
-- More than additions: the index is not unique, so the previous release only reads more slowly without it.
DROP INDEX `sessions_created_at`;--> statement-breakpoint
CREATE INDEX `sessions_opened_at` ON `sessions` (`created_at`) WHERE client_id is null;--> statement-breakpoint
CREATE INDEX `sessions_of_client` ON `sessions` (`client_id`) WHERE client_id is not null;--> statement-breakpoint
CREATE INDEX `client_sessions_expires_at` ON `sessions` (`expires_at`) WHERE client_id is not null;