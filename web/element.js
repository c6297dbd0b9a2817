// Making elements. Strings become text nodes, so nothing that a server sends is ever markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`on…` are listeners, null and false are left out) and children. */
export function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:")
    ? document.createElementNS(SVG, name.slice(4))
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** Gives a parent new children; what had the focus has it again when it is still there. */
export function replace(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.dataset?.focus;
  const caret = focused && "selectionStart" in focused ? focused.selectionStart : null;
  parent.replaceChildren(...children.flat().filter((child) => child !== null));
  if (!focused || document.activeElement === focused) return;
  const again = focused.isConnected
    ? focused
    : [...parent.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === key);
  again?.focus({ preventScroll: true });
  if (again && caret !== null) again.setSelectionRange?.(caret, caret);
}

/** A list of facts: name and value; those without a value are left out. */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return element("dl", { class: "facts" }, known.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

/** A table with a head and rows of cells. */
export function table(caption, titles, rows) {
  const head = element("tr", {}, titles.map((title) => element("th", { scope: "col" }, title)));
  return element("div", { class: "scroll" }, element("table", {},
    element("caption", { class: "hidden" }, caption),
    element("thead", {}, head), element("tbody", {}, rows)));
}

/** A link that offers a text as a file. */
export function download(name, text) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    const link = element("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  return element("button", { type: "button", onclick: save }, "Save as file");
}

/** What stands where there is nothing to show. */
export function empty(title, ...words) {
  return element("div", { class: "empty" }, element("p", {}, element("strong", {}, title)),
    words.map((one) => typeof one === "string" ? element("p", {}, one) : one));
}
