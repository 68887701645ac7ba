export const service = {
  welcome: "The service is running. Only your own machine shows this page.",
  outbox: "Outbox",
  outboxEmpty: "No messages yet.",
  docs: "API reference",
};

export type ServiceMessages = typeof service;
