// The list of devices.

import { element, empty, replace, table } from "./element.js";
import { Pages } from "./pages.js";
import { link } from "./route.js";
import { SIGN, STATUS, platform } from "./words.js";

const ORDER = Object.keys(STATUS);

/** A status as a badge. */
export function badge(status) {
  const [word, meaning] = STATUS[status] ?? [status, ""];
  return element("span", { class: `badge ${status}`, title: meaning },
    element("span", { class: "dot", "aria-hidden": "true" }, SIGN[status] ?? "?"), word);
}

export class DeviceList {
  constructor(root) {
    this.root = root;
    this.pages = new Pages(() => this.draw());
    this.status = "";
    this.sort = "name";
    this.search = element("input", {
      type: "search", placeholder: "Name, platform or address", "aria-label": "Find devices",
      "data-focus": "find", oninput: () => { this.pages.at = 0; this.draw(); },
    });
    this.filter = element("select", {
      "aria-label": "Status", "data-focus": "status",
      onchange: () => { this.pages.at = 0; this.draw(); },
    }, element("option", { value: "" }, "every status"),
    ORDER.map((status) => element("option", { value: status }, STATUS[status][0])));
  }

  show(devices) {
    this.devices = devices;
    this.draw();
  }

  /** Shows the devices of one status only; of every status when it is empty. */
  only(status) {
    this.filter.value = status;
    this.pages.at = 0;
  }

  draw() {
    if (this.devices.length === 0) {
      replace(this.root, element("h2", {}, "Devices"), empty("This network has no devices yet.",
        "Describe one in a file and commit it, and it appears here by itself:",
        element("pre", {}, "weft edit network.xml\nweft commit -m 'the first routers'")));
      return;
    }
    const found = this.found();
    const rows = this.pages.of(found).map((device) => this.row(device));
    replace(this.root, element("h2", {}, "Devices"),
      element("div", { class: "tools" }, this.search, this.filter),
      found.length === 0 ? empty("No device is like that.") : this.table(rows), this.pages.bar());
  }

  found() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = this.filter.value;
    const found = this.devices.filter((device) => {
      if (status && device.status !== status) return false;
      const text = [device.name, device.type, platform(device.type), device.address, device.detail]
        .join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const by = {
      name: (device) => device.name,
      platform: (device) => platform(device.type),
      status: (device) => String(ORDER.indexOf(device.status)),
      generation: (device) => String(device.target_generation).padStart(20, "0"),
    }[this.sort];
    return found.sort((left, right) => by(left).localeCompare(by(right), "en", { numeric: true })
      || left.name.localeCompare(right.name, "en", { numeric: true }));
  }

  table(rows) {
    const titles = [["name", "Device"], ["platform", "Platform"], ["status", "Status"],
      ["generation", "Holds / target"]];
    const made = table("Devices", titles.map(([key, title]) => element("button", {
      type: "button", class: "sort", "data-focus": `sort ${key}`,
      onclick: () => { this.sort = key; this.draw(); },
    }, title, key === this.sort ? " ▾" : "")), rows);
    const at = titles.findIndex(([key]) => key === this.sort);
    made.querySelectorAll("th")[at].setAttribute("aria-sort", "ascending");
    return made;
  }

  row(device) {
    const href = link("devices", device.name);
    const open = (event) => { if (!event.target.closest("a")) location.hash = href; };
    const isBehind = device.held_generation !== device.target_generation;
    return element("tr", { class: "open", onclick: open },
      element("td", {}, element("a", { href, "data-focus": `row ${device.name}` }, device.name)),
      element("td", {}, platform(device.type)),
      element("td", {}, badge(device.status),
        device.detail ? element("div", { class: "detail" }, device.detail) : null),
      element("td", { class: isBehind ? "number behind" : "number" },
        `${device.held_generation ?? "–"} / ${device.target_generation}`));
  }
}
