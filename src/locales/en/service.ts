export const service = {
  welcome: "The service is running. Only your own machine shows this page.",
  outbox: "Outbox",
  outboxEmpty: "No messages yet.",
  docs: "Documentation",
};

export type ServiceMessages = typeof service;
