/** What the console adds to the style sheet of the hosted pages. */
export const styles = `
.search {
  flex-flow: row wrap;
  gap: 0.5rem;
  align-items: start;
}

.search .field {
  flex: 1 1 16rem;
}

.search > button {
  margin-top: 1.75rem;
}

.badge.danger {
  color: var(--danger-text);
  border-color: currentcolor;
}

h1 .badge {
  vertical-align: middle;
  letter-spacing: 0;
}

.brand .soft {
  font-weight: 400;
}

.tabs .who {
  padding: 0.375rem 0.75rem;
}
`;
