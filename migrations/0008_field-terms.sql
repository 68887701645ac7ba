ALTER TABLE `throttles` RENAME TO `lockouts`;--> statement-breakpoint
ALTER TABLE `lockouts` RENAME COLUMN `blocked_until` TO `locked_until`;--> statement-breakpoint
DROP INDEX `throttles_last_failed_at`;--> statement-breakpoint
CREATE INDEX `lockouts_last_failed_at` ON `lockouts` (`last_failed_at`);--> statement-breakpoint
DROP INDEX `audit_events_by_owner`;--> statement-breakpoint
DROP INDEX `audit_events_by_anybody`;--> statement-breakpoint
UPDATE `audit_events` SET `type` = 'otp_attempted' WHERE `type` = 'code_presented';--> statement-breakpoint
CREATE INDEX `audit_events_by_owner` ON `audit_events` (`user_id`,`created_at`) WHERE type not in ('login_failed', 'secret_sent', 'message_withheld', 'otp_attempted');--> statement-breakpoint
CREATE INDEX `audit_events_by_anyone` ON `audit_events` (`user_id`,`created_at`) WHERE type in ('login_failed', 'secret_sent', 'message_withheld', 'otp_attempted');--> statement-breakpoint
UPDATE `requested_messages` SET `kind` = 'recovery' WHERE `kind` = 'own';--> statement-breakpoint
UPDATE `requested_messages` SET `kind` = 'address_claim' WHERE `kind` = 'claim';
