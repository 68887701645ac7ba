// Runs before a page is shown. A page has one address: without the version of the API, and without a slash at its end.
const path = location.pathname.replace(/^\/api\/v1(?=\/)/, "").replace(/(?<=\/docs.*)\/$/, "");
if (path !== location.pathname) history.replaceState(history.state, "", path + location.search + location.hash);
