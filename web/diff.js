// Differences of configuration, to read: the lines of one container or list entry together, below
// its path.

import { download, element } from "./element.js";

/** Lines that are drawn before one asks for all. */
const LINES_SHOWN = 1500;
const SIGNS = {
  "+": ["add", "added"], "-": ["del", "removed"], "~": ["mod", "changed"], ">": ["mod", "moved"],
};

/** The steps of a path; a slash between quotes is part of a key. */
export function steps(path) {
  const found = [];
  let from = 0;
  let quote = null;
  for (let at = 1; at <= path.length; at += 1) {
    const sign = path[at];
    if (quote) {
      if (sign === quote) quote = null;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
    } else if (sign === "/" || at === path.length) {
      found.push(path.slice(from + 1, at));
      from = at;
    }
  }
  if (quote) found.push(path.slice(from + 1));
  return found;
}

/** Where the path of a line ends: at the first of these ends that is not between quotes. */
function pathEnd(text) {
  let quote = null;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quote) {
      if (sign === quote) quote = null;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
    } else if (sign === " " || (sign === ":" && text[at + 1] === " ")) {
      return at;
    }
  }
  return text.length;
}

/** A line of a difference: `+ /path = value`, `- /path`, `~ /path: old -> new`. */
export function parse(line) {
  const sign = SIGNS[line[0]] ? line[0] : " ";
  const rest = line.slice(2);
  const end = pathEnd(rest);
  const path = steps(rest.slice(0, end));
  const value = rest.slice(end).replace(/^( = |: )/, "").trim();
  // An entry that comes or goes stands for itself, a leaf below its parent.
  const isLeaf = value !== "" || path.length < 2 || !path.at(-1).endsWith("]");
  const parent = isLeaf ? path.slice(0, -1) : path;
  return { sign, parent: `/${parent.join("/")}`, name: isLeaf ? path.at(-1) : null, value };
}

/** A difference as an element. */
export function difference(text, name, shown = LINES_SHOWN) {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) return element("p", { class: "quiet" }, "No differences.");
  const box = element("div", { class: "diff" }, bar(text, name, lines));
  box.append(...groups(lines.slice(0, shown).map(parse)));
  if (lines.length > shown) {
    const all = () => box.replaceWith(difference(text, name, lines.length));
    box.append(element("button", { type: "button", onclick: all },
      `Show all ${lines.length.toLocaleString("en")} lines`));
  }
  return box;
}

function bar(text, name, lines) {
  const counts = Object.entries(SIGNS).map(([sign, [kind, word]]) => {
    const number = lines.filter((line) => line.startsWith(sign)).length;
    return number === 0 ? null
      : element("span", { class: kind }, `${sign} ${number.toLocaleString("en")} ${word}`);
  });
  return element("p", { class: "bar" }, counts, download(`${name}.diff`, text));
}

/** Lines below their container or entry; all of an entry that comes or goes below that entry. */
function groups(lines) {
  const made = [];
  let [body, parent, whole] = [null, null, null];
  for (const line of lines) {
    const isBelow = whole !== null && line.sign === whole.sign
      && line.parent.startsWith(`${whole.parent}/`);
    if (isBelow || (line.parent === parent && line.name !== null)) {
      const inside = line.parent.slice(parent.length + 1);
      body.append(row({ ...line, name: [inside, line.name].filter(Boolean).join("/") }));
      continue;
    }
    parent = line.parent;
    whole = line.name === null ? line : null;
    body = element("ul", {}, row(line));
    const cut = Math.max(parent.lastIndexOf("/", breakAt(parent)) + 1, 0);
    made.push(element("section", {}, element("h4", {},
      element("span", { class: "quiet" }, parent.slice(0, cut)), parent.slice(cut)), body));
  }
  return made;
}

/** The place before which a path is of less interest: before its last step. */
function breakAt(path) {
  const last = steps(path).at(-1) ?? "";
  return path.length - last.length - 1;
}

function row(line) {
  const [kind, word] = SIGNS[line.sign] ?? ["same", ""];
  // What has neither name nor value of its own says by being there what it says.
  const value = line.name === null ? element("em", {}, `this entry is ${word}`)
    : line.value === '""' ? "" : line.value;
  return element("li", { class: kind },
    element("span", { class: "sign", "aria-label": word, role: "img" }, line.sign),
    element("span", { class: "name" }, line.name ?? ""), element("span", {}, value));
}
