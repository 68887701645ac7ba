/** Fits Swagger UI into a page that has a title, a main landmark and one server of its own. */
export const pageParts = ({ React }) => ({
  components: {
    PageLayout({ getComponent }) {
      const parts = ["SvgAssets", "errors", "AuthorizeBtnContainer", "operations"];
      return React.createElement(
        "div",
        { className: "swagger-ui" },
        parts.map((name) => React.createElement(getComponent(name, name !== "SvgAssets"), { key: name })),
      );
    },
  },
  wrapComponents: {
    // The editor of a body has no label.
    TextArea: (TextArea) => (props) => React.createElement(TextArea, { "aria-label": "Request body", ...props }),
    // A failure is a row with the codes that it may have. Every one has the same body.
    response: (Response) => (props) =>
      props.code >= 400 ? failureRow(React, props) : React.createElement(Response, props),
  },
});

function failureRow(React, { code, response, getComponent }) {
  const source = response.get("description").replace(/^`(\w+)`/gm, "[`$1`](/docs/errors#$1)");
  const Markdown = getComponent("Markdown", true);
  return React.createElement(
    "tr",
    { className: "response" },
    React.createElement("td", { className: "response-col_status" }, code),
    React.createElement("td", { className: "response-col_description" }, React.createElement(Markdown, { source })),
  );
}
