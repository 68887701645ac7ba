ALTER TABLE `audit_events` ADD `sequence` integer;--> statement-breakpoint
CREATE INDEX `audit_events_sequence` ON `audit_events` (`sequence`);--> statement-breakpoint
CREATE INDEX `audit_events_unnumbered` ON `audit_events` (`created_at`) WHERE (sequence is null or sequence < created_at * 1000);--> statement-breakpoint
ALTER TABLE `denylist_outbox` ADD `denied_at` integer;--> statement-breakpoint
ALTER TABLE `denylist_outbox` ADD `sequence` integer;--> statement-breakpoint
CREATE INDEX `denylist_outbox_sequence` ON `denylist_outbox` (`sequence`);--> statement-breakpoint
CREATE INDEX `denylist_outbox_unnumbered` ON `denylist_outbox` (`revoked_at`) WHERE (sequence is null or sequence < revoked_at * 1000);