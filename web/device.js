// One device: how it is, what it should run, what it runs, and what lies between.

import { badge } from "./devices.js";
import { difference } from "./diff.js";
import { download, element, empty, facts, replace, table } from "./element.js";
import { link } from "./route.js";
import { ask } from "./server.js";
import { STATUS, count, platform, time } from "./words.js";

const PARTS = {
  diff: "Difference", target: "Target", running: "Running", log: "Events", modules: "Modules",
};
/** Characters of a configuration that are drawn; the rest is in the file. */
const TEXT_SHOWN = 400_000;

export class DevicePanel {
  constructor(root, onTrouble) {
    this.root = root;
    this.onTrouble = onTrouble;
    this.format = "xml";
  }

  /** Shows a device; asks for nothing that is shown already. */
  async show(devices, name, part) {
    const device = devices.find((one) => one.name === name);
    part = PARTS[part] ? part : "diff";
    if (!device) {
      this.shown = null;
      replace(this.root, this.back(), empty(`There is no device ${name}.`,
        "It was removed, or the link is an old one."));
      return;
    }
    // Events come without any other change; the rest depends on what is told of the device.
    const state = JSON.stringify([device, part, this.format, part === "log" ? Date.now() : 0]);
    if (this.shown === state) return;
    const isSame = this.place === `${name}/${part}/${this.format}`;
    this.shown = state;
    this.place = `${name}/${part}/${this.format}`;
    if (!isSame) this.body = element("div", { class: "body", "aria-busy": "true" }, "…");
    this.frame(device, part);
    try {
      const body = await this.load(name, part);
      if (this.shown !== state) return;
      this.body.removeAttribute("aria-busy");
      replace(this.body, body);
    } catch (error) {
      this.shown = null;
      replace(this.body, empty("This cannot be shown now.", error.message));
      this.onTrouble(error);
    }
  }

  back() {
    return element("a", { class: "back", href: link("devices"), "data-focus": "back" },
      "← All devices");
  }

  frame(device, part) {
    const tabs = Object.entries(PARTS).map(([key, word]) => element("a", {
      href: link("devices", device.name, key), role: "tab", id: `tab-${key}`,
      "aria-selected": String(key === part), "aria-controls": "part", "data-focus": `tab ${key}`,
      tabindex: key === part ? 0 : -1,
    }, word));
    this.body.id = "part";
    this.body.setAttribute("role", "tabpanel");
    this.body.setAttribute("aria-labelledby", `tab-${part}`);
    replace(this.root, this.back(),
      element("div", { class: "head" }, element("h2", {}, device.name), badge(device.status),
        element("button", {
          type: "button", "data-focus": "resync", title: "Read the device anew and drive it again",
          onclick: (event) => this.resync(device.name, event.target),
        }, "Resynchronise")),
      this.errors(device), this.approval(device),
      facts([["Platform", platform(device.type)], ["Address", device.address ?? "not known yet"],
        ["Session", session(device)],
        ["Holds generation", device.held_generation ?? "none yet"],
        ["Target generation", device.target_generation]]),
      element("div", { role: "tablist", class: "tabs", onkeydown: turn }, tabs), this.body);
  }

  errors(device) {
    if (!device.detail) return null;
    return element("div", { class: `note ${device.status}` },
      element("strong", {}, STATUS[device.status]?.[1] ?? ""),
      element("ul", {}, device.detail.split("; ").map((one) => element("li", {}, one))));
  }

  /** The change that waits for approval: the difference below is what would be done. */
  approval(device) {
    if (!device.awaiting) return null;
    const decide = (approved, word) => element("button", {
      type: "button", "data-focus": word,
      onclick: (event) => this.decide(device, approved, event.target),
    }, word);
    return element("p", { class: "bar" }, decide(true, "Approve"), decide(false, "Reject"),
      element("a", { href: link("devices", device.name, "diff") }, "What would change"));
  }

  async decide({ name, awaiting }, approved, button) {
    button.disabled = true;
    const body = JSON.stringify({ device_txid: awaiting.device_txid, approved });
    const path = `/device/${encodeURIComponent(name)}/q/${awaiting.queue_id}/set_approval`;
    try {
      await ask(path, { method: "POST", body });
    } catch (error) {
      button.disabled = false;
      this.onTrouble(error);
    }
  }

  async load(name, part) {
    const path = `/device/${encodeURIComponent(name)}/${part}`;
    const any = { accept: "*/*" };
    if (part === "diff") return this.loadDiff(name, await ask(`${path}?format=text`, any));
    if (part === "log") return events((await ask(`${path}?format=json`)).log);
    if (part === "modules") return modules((await ask(path)).modules);
    const text = await ask(`${path}?format=${this.format}`, any);
    if (text.startsWith("# ")) return missing(text);
    return this.configuration(name, part, text);
  }

  loadDiff(name, text) {
    if (text.startsWith("# No differences")) {
      return empty("It runs exactly its target.", "Nothing is to be changed on the device.");
    }
    if (text.startsWith("#")) return missing(text);
    return [element("p", { class: "quiet" }, "To be done so that it holds its target:"),
      difference(text, name)];
  }

  configuration(name, part, text) {
    const choose = element("select", {
      "aria-label": "Format", "data-focus": "format",
      onchange: (event) => {
        this.format = event.target.value;
        this.onFormat();
      },
    }, ["xml", "json", "text"].map((format) =>
      element("option", { value: format, selected: format === this.format }, format)));
    const cut = text.length > TEXT_SHOWN;
    const lines = text.split("\n").length;
    return [element("p", { class: "bar" }, choose, element("span", {}, count(lines, "line")),
      download(`${name}-${part}.${this.format}`, text)),
    element("pre", { tabindex: 0, "aria-label": `${PARTS[part]} configuration of ${name}` },
      cut ? `${text.slice(0, TEXT_SHOWN)}\n… the rest is in the file` : text)];
  }

  async resync(name, button) {
    button.disabled = true;
    try {
      await ask(`/device/${encodeURIComponent(name)}/resync`, { method: "POST" });
      button.textContent = "Asked";
    } catch (error) {
      this.onTrouble(error);
    }
    setTimeout(() => { button.disabled = false; button.textContent = "Resynchronise"; }, 2000);
  }
}

function session(device) {
  const words = { disconnected: "none" }[device.status] ?? "up";
  return device.simulated ? `${words}, simulated in the controller` : words;
}

function missing(text) {
  return empty(`${text.replace(/^# /, "").trim()}.`,
    "It is known once the controller has had a session to the device.");
}

function events(log) {
  if (log.length === 0) return empty("Nothing has happened with it lately.");
  return table("Events, newest first", ["Time", "Event"], log.slice().reverse().map((event) =>
    element("tr", {}, element("td", { class: "when" }, time(event.time_unix_ms)),
      element("td", {}, event.event))));
}

function modules(list) {
  if (list.length === 0) return empty("It has not announced its modules yet.");
  return [element("p", { class: "quiet" }, count(list.length, "YANG module")),
    table("Modules", ["Module", "Revision", "Features"], list.map((one) =>
      element("tr", {}, element("td", {}, one.name), element("td", {}, one.revision ?? "–"),
        element("td", {}, one.features.join(", ")))))];
}

/** The arrow keys go from tab to tab. */
function turn(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(document.activeElement) + by + tabs.length) % tabs.length];
  next.focus();
  location.hash = next.getAttribute("href");
}
