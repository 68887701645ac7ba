CREATE TABLE notes (
	id text PRIMARY KEY NOT NULL,
	user_id text NOT NULL,
	text text NOT NULL,
	created_at integer NOT NULL
);
CREATE INDEX notes_of_user ON notes (user_id, created_at);
