// Where in the page one is: `#/view/item/part`, so that links, bookmarks and the back button work.

const VIEWS = ["devices", "services", "commits"];

/** The place that the address names. */
export function place() {
  const [view, item = null, part = null] = location.hash.replace(/^#\/?/, "").split("/")
    .map(decoded);
  return VIEWS.includes(view)
    ? { view, item: item || null, part: part || null }
    : { view: "devices", item: null, part: null };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a place. */
export function link(...steps) {
  return `#/${steps.map(encodeURIComponent).join("/")}`;
}

/** A token that came in the address: behind `#`, so it reached no log. It does not stay there. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", location.pathname);
  return token;
}
