// The commits: who changed what, when and why, and what became of it on the devices.

import { difference } from "./diff.js";
import { download, element, empty, facts, replace, table } from "./element.js";
import { link } from "./route.js";
import { ask } from "./server.js";
import { ago, count, platform, time } from "./words.js";

const PAGE = 100;
/** Devices whose differences are opened at once. */
const OPEN_MAX = 3;
/** What commits do that are no edits. */
const OTHER = {
  facts: () => "A device announced its modules",
  approval: (commit) => `Approved a change of ${commit.device}`,
  rejection: (commit) => `Rejected a change of ${commit.device}`,
};

export class CommitList {
  constructor(root, onTrouble) {
    this.root = root;
    this.onTrouble = onTrouble;
    this.commits = [];
    this.devices = new Map();
    this.editsOnly = true;
    this.generation = null;
  }

  /** Shows the commits up to a generation, or one of them. */
  async show(generation, item, redraw) {
    this.item = item;
    this.redraw = redraw;
    try {
      if (item) await this.showOne(item);
      else if (this.generation !== generation) await this.loadNew(generation);
      if (!this.item) this.draw();
    } catch (error) {
      replace(this.root, element("h2", {}, "Commits"),
        empty("The commits cannot be shown now.", error.message));
      this.onTrouble(error);
    }
  }

  /** The devices that the chosen commit changed. */
  marked() {
    return this.item ? this.devices.get(this.item) ?? new Set() : new Set();
  }

  async loadNew(generation) {
    const { commits } = await ask(`/api/v1/commits?limit=${PAGE}`);
    const oldest = commits.at(-1)?.generation ?? 0;
    const older = this.commits.filter((commit) => commit.generation < oldest);
    // With a gap in between, what is older is asked for again when somebody wants it.
    const joins = older[0]?.generation === oldest - 1;
    this.commits = joins ? [...commits, ...older] : commits;
    this.generation = generation;
  }

  async loadOlder() {
    const before = this.commits.at(-1).generation;
    try {
      const { commits } = await ask(`/api/v1/commits?limit=${PAGE}&before=${before}`);
      this.commits.push(...commits);
      this.draw();
    } catch (error) {
      this.onTrouble(error);
    }
  }

  draw() {
    this.shown = null;
    const shown = this.commits.filter((commit) => !this.editsOnly || commit.kind === "edit");
    const toggle = element("label", {}, element("input", {
      type: "checkbox", checked: !this.editsOnly, "data-focus": "facts",
      onchange: (event) => { this.editsOnly = !event.target.checked; this.draw(); },
    }), " with announcements of devices");
    const isAll = (this.commits.at(-1)?.generation ?? 1) <= 1;
    const older = element("button", {
      type: "button", "data-focus": "older", onclick: () => this.loadOlder(),
    }, "Older commits");
    replace(this.root, element("h2", {}, "Commits"),
      this.commits.length === 0 ? null : element("div", { class: "tools" }, toggle),
      shown.length === 0 ? empty("Nothing was committed yet.",
        "Every change of the intent appears here, with its author and its reason.")
        : table("Commits, newest first", ["Commit", "When", "Author", "Comment"],
          shown.map((commit) => this.row(commit))),
      isAll ? null : element("p", {}, older));
  }

  row(commit) {
    const href = link("commits", String(commit.generation));
    const open = (event) => { if (!event.target.closest("a")) location.hash = href; };
    return element("tr", { class: "open", onclick: open },
      element("td", {}, element("a", { href, "data-focus": `row ${commit.generation}` },
        `#${commit.generation}`)),
      element("td", { class: "when" }, element("time",
        { datetime: new Date(commit.time_unix_ms).toISOString(), title: ago(commit.time_unix_ms) },
        time(commit.time_unix_ms))),
      element("td", {}, commit.author),
      element("td", {}, commit.comment ?? element("span", { class: "quiet" },
        OTHER[commit.kind]?.(commit) ?? "no comment")));
  }

  /** A commit never changes: it is asked for once. */
  async showOne(item) {
    if (this.shown === item) return;
    this.shown = item;
    const back = element("a", { class: "back", href: link("commits"), "data-focus": "back" },
      "← All commits");
    replace(this.root, back, "…");
    const path = `/api/v1/commits/${encodeURIComponent(item)}`;
    try {
      const [commit, change] = await Promise.all([ask(path), ask(`${path}/devices`)]);
      if (this.item !== item) return;
      this.devices.set(item, new Set(change.devices.map((device) => device.name)));
      replace(this.root, back, ...this.one(commit, change));
      this.redraw();
    } catch (error) {
      this.shown = null;
      if (error.status !== 404) throw error;
      replace(this.root, back, empty(`There is no commit ${item}.`));
    }
  }

  one(commit, change) {
    const title = commit.comment ?? OTHER[commit.kind]?.(commit) ?? "No comment";
    const decision = commit.approval && JSON.stringify(commit.approval, null, 1);
    const text = commit.edit === undefined ? commit.facts ?? decision : indented(commit.edit);
    return [
      element("div", { class: "head" }, element("h2", {}, `#${commit.generation} ${title}`)),
      facts([["Author", commit.author], ["Time", time(commit.time_unix_ms)],
        ["Generation", commit.generation],
        ["Hash", element("code", { title: commit.hash }, commit.hash.slice(0, 12))]]),
      ...this.changes(commit, change),
      element("details", { class: "edit" },
        element("summary", {},
          commit.edit === undefined ? "What it announced" : "The edit of intent"),
        element("p", { class: "bar" }, count(text.split("\n").length, "line"),
          download(`commit-${commit.generation}.xml`, text)),
        element("pre", { tabindex: 0, "aria-label": "The edit of intent" }, text)),
    ];
  }

  changes(commit, change) {
    const { devices } = change;
    if (!change.kept) {
      return [empty("What it changed on devices is not kept any more.",
        "It is told for the latest 256 commits since the controller started.")];
    }
    if (devices.length === 0) return [empty("It changed no device.")];
    const others = change.first === change.last ? []
      : [element("p", { class: "quiet" }, `Commits ${change.first} to ${change.last} were made `
        + "within one moment: this is what they changed together.")];
    const title = `${count(devices.length, "device")} changed`;
    return [element("h3", {}, title), ...others, ...devices.map((device) => element("details",
      { class: "change", open: devices.length <= OPEN_MAX },
      element("summary", {}, element("a", { href: link("devices", device.name) }, device.name),
        element("span", { class: "quiet" }, ` ${platform(device.type)}`), sizes(device)),
      device.diff === null ? element("p", { class: "quiet" }, "Too much to show here.")
        : lazily(() => difference(device.diff, `${commit.generation}-${device.name}`))))];
  }
}

function sizes(device) {
  const lines = (device.diff ?? "").split("\n");
  const number = (sign) => lines.filter((line) => line.startsWith(sign)).length;
  return element("span", { class: "sizes" }, [["+", "add"], ["~", "mod"], ["-", "del"]]
    .filter(([sign]) => number(sign) > 0)
    .map(([sign, kind]) => element("span", { class: kind }, `${sign}${number(sign)}`)));
}

/** Drawn when it is looked at: a commit may change a thousand devices. */
function lazily(make) {
  const box = element("div");
  requestAnimationFrame(() => {
    const details = box.closest("details");
    const fill = () => { if (details.open && !box.firstChild) box.append(make()); };
    details?.addEventListener("toggle", fill);
    if (details) fill();
  });
  return box;
}

/** XML with an element per line. */
export function indented(xml) {
  if (xml.includes("\n  <")) return xml;
  let depth = 0;
  const lines = xml.replace(/>\s*</g, ">\n<").split("\n").map((line) => {
    if (line.startsWith("</")) depth -= 1;
    const made = "  ".repeat(Math.max(depth, 0)) + line;
    if (/^<[^/?!]/.test(line) && !/\/>$/.test(line) && !/<\/[^>]*>$/.test(line)) depth += 1;
    return made;
  });
  return lines.join("\n");
}
