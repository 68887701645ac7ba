CREATE TABLE `throttles` (
	`subject` text NOT NULL,
	`network` text NOT NULL,
	`failures` integer NOT NULL,
	`last_failed_at` integer NOT NULL,
	`blocked_until` integer NOT NULL,
	PRIMARY KEY(`subject`, `network`)
);
--> statement-breakpoint
CREATE INDEX `throttles_last_failed_at` ON `throttles` (`last_failed_at`);