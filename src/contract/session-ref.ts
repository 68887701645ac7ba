/** The session that acts, as its tokens name it. */
export interface SessionRef {
  userId: string;
  sessionId: string;
}
