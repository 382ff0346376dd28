// Shows openapi.json. Nothing is loaded from elsewhere: no validator, no fonts, no analytics.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
  persistAuthorization: false,
});
