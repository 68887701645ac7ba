ALTER TABLE `requested_messages` RENAME COLUMN "calling_code" TO "country";--> statement-breakpoint
ALTER TABLE `requested_messages` RENAME COLUMN "kind" TO "budget";--> statement-breakpoint
DROP INDEX `requested_messages_to`;--> statement-breakpoint
DROP INDEX `requested_messages_of_user`;--> statement-breakpoint
DROP INDEX `requested_messages_country`;--> statement-breakpoint
DROP INDEX `requested_messages_texts`;--> statement-breakpoint
ALTER TABLE `requested_messages` ADD `requested_by` text DEFAULT 'anyone' NOT NULL;--> statement-breakpoint
ALTER TABLE `requested_messages` ADD `proven` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `requested_messages` ADD `network` text;--> statement-breakpoint
CREATE INDEX `requested_messages_network` ON `requested_messages` (`network`,`created_at`) WHERE country is not null;--> statement-breakpoint
CREATE INDEX `requested_messages_to` ON `requested_messages` (`recipient`,`budget`,`created_at`);--> statement-breakpoint
CREATE INDEX `requested_messages_of_user` ON `requested_messages` (`user_id`,`budget`,`created_at`);--> statement-breakpoint
CREATE INDEX `requested_messages_country` ON `requested_messages` (`country`,`created_at`);--> statement-breakpoint
CREATE INDEX `requested_messages_texts` ON `requested_messages` (`created_at`) WHERE country is not null;--> statement-breakpoint
ALTER TABLE `one_time_secrets` ADD `requested_by` text DEFAULT 'anyone' NOT NULL;--> statement-breakpoint
UPDATE `requested_messages` SET `budget` = 'codes' WHERE `budget` = 'recovery';--> statement-breakpoint
UPDATE `requested_messages` SET `budget` = 'address_claims' WHERE `budget` = 'address_claim';
