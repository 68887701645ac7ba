CREATE TABLE `dead_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dead_messages_created_at` ON `dead_messages` (`created_at`);