export const service = {
  running: "The service is running",
  welcome: "This page appears only on your own machine.",
  outbox: "Outbox",
  outboxEmpty: "No messages yet.",
  docs: "Documentation",
};

export type ServiceMessages = typeof service;
