// GraphiQL, asking as whoever is signed in; what was asked is kept for this tab only.
(function () {
  "use strict";
  var place = document.getElementById("graphiql");
  var headers = JSON.parse(place.dataset.headers);
  headers["Content-Type"] = "application/json";
  window.__webpack_nonce__ = place.dataset.nonce;

  function fetcher(asked) {
    return fetch("/graphql", { method: "POST", headers: headers, body: JSON.stringify(asked) }).then(function (answer) {
      return answer.json();
    });
  }

  var chosen = document.documentElement.dataset.theme;
  ReactDOM.createRoot(place).render(
    React.createElement(GraphiQL, {
      fetcher: fetcher,
      defaultQuery: place.dataset.example,
      isHeadersEditorEnabled: false,
      shouldPersistHeaders: false,
      storage: window.sessionStorage,
      forcedTheme: chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")
    })
  );
})();
