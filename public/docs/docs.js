for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // The validator badge is an image from another origin.
  validatorUrl: null,
});
