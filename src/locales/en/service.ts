export const service = {
  welcome: "The service is running. This page appears only on your own machine.",
  outbox: "Outbox",
  outboxEmpty: "No messages yet.",
  docs: "Documentation",
};

export type ServiceMessages = typeof service;
