/**
 * Removes the token of a reset link from the address bar, so that it is not shared or bookmarked.
 * The history entry of this tab keeps it, so that a reload still works.
 */
export function hideResetToken() {
  if (location.pathname !== "/reset-password") return;

  if (location.search) history.replaceState(location.search, "", location.pathname);
  else if (history.state) location.replace(location.pathname + history.state);
}
