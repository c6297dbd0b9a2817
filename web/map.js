// The map: routers at their places, links between them. Colour tells the status, shape the vendor,
// the ground a router stands on its zone.

import { element, replace } from "./element.js";
import { SIGN, STATUS, count, platform, vendor } from "./words.js";
import { edges, layout } from "./layout.js";

const SHAPES = [
  { d: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0" },
  { d: "M-7.5-7.5h15v15h-15z" },
  { d: "M0-10L10 0 0 10-10 0z" },
  { d: "M0-9.5L9.5 7.5h-19z" },
  { d: "M-5-8.5h10l5 8.5-5 8.5h-10l-5-8.5z" },
];
/** Routers in sight at most for their names to be written. */
const LABELS_MAX = 150;
/** Routers at most that the tabulator key stops at; beyond, the list is the way. */
const STOPS_MAX = 60;
const ZOOM_MAX = 60;
/** Pixels that a link must have for its length to be written. */
const LENGTH_PX_MIN = 70;
const MARGIN_PX = 46;

/** Zones that have a colour of their own; more start over. */
const ZONES = 6;

/** The ground of a zone; of none, nothing is seen. */
function ground(zone, r) {
  return element("svg:circle", { class: zone < 0 ? "ground" : `ground zone-${zone % ZONES}`, r });
}

export class NetworkMap {
  constructor(root, onChoose) {
    this.onChoose = onChoose;
    this.svg = element("svg:svg", { role: "group" });
    this.legend = element("ul", { class: "legend", "aria-label": "Legend" });
    this.words = element("p", { class: "empty", hidden: true });
    const button = (label, sign, act) => element("button",
      { type: "button", "aria-label": label, title: label, onclick: act }, sign);
    root.append(element("div", { id: "canvas" }, this.svg, this.words,
      element("div", { class: "zoom" }, button("Zoom in", "+", () => this.zoom(1.5)),
        button("Zoom out", "−", () => this.zoom(1 / 1.5)),
        button("Show everything", "⤢", () => this.fit()))), this.legend);
    this.nodes = new Map();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.svg);
  }

  listen() {
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY);
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest(".node")) return;
      this.drag = { x: event.clientX, y: event.clientY, dx: this.dx, dy: this.dy };
      this.svg.setPointerCapture(event.pointerId);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!this.drag) return;
      this.dx = this.drag.dx + event.clientX - this.drag.x;
      this.dy = this.drag.dy + event.clientY - this.drag.y;
      this.isFit = false;
      this.place();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.svg.addEventListener(end, () => { this.drag = null; });
    }
  }

  /** Draws the network anew; `devices` tell the types. */
  draw(topology, devices) {
    const type = new Map(devices.map((device) => [device.name, device.type]));
    const known = new Set(topology.nodes.map((node) => node.name));
    // A network whose intent has no drawing is drawn from its devices.
    const nodes = topology.nodes.length > 0 ? topology.nodes
      : devices.map((device) => ({ name: device.name }));
    const kinds = [...new Set(nodes.map((node) => vendor(type.get(node.name) ?? "")))]
      .filter(Boolean).sort();
    const zones = [...new Set(nodes.map((node) => node.zone))].filter(Boolean).sort();
    this.layout = layout(nodes);
    this.links = topology.links.filter((link) => known.has(link.left) && known.has(link.right))
      .map((link) => this.makeLink(link));
    // Links between the same two routers lie side by side.
    const beside = new Map();
    for (const link of this.links) {
      const pair = [link.left, link.right].sort().join(" ");
      const others = beside.get(pair) ?? [];
      beside.set(pair, [...others, link]);
      const turned = others[0] && others[0].left !== link.left ? -1 : 1;
      link.shift = Math.ceil(others.length / 2) * (others.length % 2 ? 6 : -6) * turned;
    }
    this.nodes = new Map(nodes.map((node) =>
      [node.name, this.makeNode(node, type.get(node.name) ?? "", kinds, zones, nodes.length)]));
    this.grid = element("svg:g", { class: "grid", "aria-hidden": "true" });
    replace(this.svg, this.grid,
      element("svg:g", { class: "links" }, this.links.map((link) => link.shape)),
      element("svg:g", {}, [...this.nodes.values()].map((node) => node.shape)));
    this.svg.setAttribute("aria-label",
      `${count(nodes.length, "router")} and ${count(this.links.length, "link")}`);
    this.words.hidden = nodes.length > 0;
    this.words.textContent = "No routers yet.";
    this.drawLegend(kinds, zones);
    this.resize(true);
  }

  makeLink(link) {
    const length = link.length_km === undefined ? "" : `${link.length_km} km`;
    const title = `${link.left} ${link.left_interface} – ${link.right} ${link.right_interface}`;
    const line = element("svg:line");
    const wide = element("svg:line", { class: "wide" });
    const text = element("svg:text", {}, length);
    const shape = element("svg:g", {}, line, wide, text,
      element("svg:title", {}, [title, length].filter(Boolean).join(", ")));
    return { ...link, shape, line, wide, text };
  }

  makeNode(node, type, kinds, zones, total) {
    const choose = () => this.onChoose(node.name);
    const onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    };
    const at = Math.max(0, kinds.indexOf(vendor(type)));
    const title = element("svg:title");
    const text = element("svg:text", { x: 13, y: 4, "aria-hidden": "true" },
      node.label ?? node.name);
    const mark = element("svg:path", SHAPES[at % SHAPES.length]);
    const sign = element("svg:text", { class: "sign", "aria-hidden": "true" });
    const shape = element("svg:g", {
      class: "node", role: "button", tabindex: total > STOPS_MAX ? -1 : 0,
      "data-focus": node.name, onclick: choose, onkeydown,
    }, ground(zones.indexOf(node.zone), 21), element("svg:circle", { class: "halo", r: 14 }),
    mark, sign, text, title);
    return { ...node, type, shape, text, title, sign };
  }

  drawLegend(kinds, zones) {
    const kind = (name, at) => element("li", {}, element("svg:svg",
      { viewBox: "-11 -11 22 22", width: 14, height: 14, "aria-hidden": "true" },
      element("svg:path", SHAPES[at % SHAPES.length])), name);
    const status = ([name, [word, meaning]]) => element("li", { class: name, title: meaning },
      element("span", { class: "dot", "aria-hidden": "true" }, SIGN[name]), word);
    const zone = (name, at) => element("li", {}, element("svg:svg",
      { viewBox: "-11 -11 22 22", width: 14, height: 14, "aria-hidden": "true" }, ground(at, 11)),
    `zone ${name}`);
    replace(this.legend, Object.entries(STATUS).reverse().map(status), kinds.map(kind),
      zones.map(zone));
  }

  /** Shows how the devices are, and which of them the panel is about. */
  paint(devices, marked) {
    const byName = new Map(devices.map((device) => [device.name, device]));
    for (const [name, node] of this.nodes) {
      const status = byName.get(name)?.status ?? "disconnected";
      const isMarked = marked.has(name);
      const painted = `${status} ${isMarked}`;
      if (node.painted === painted) continue;
      node.painted = painted;
      node.shape.setAttribute("class", `node ${status}${isMarked ? " marked" : ""}`);
      node.shape.setAttribute("aria-pressed", String(isMarked));
      node.sign.textContent = status === "in-sync" ? "" : SIGN[status];
      const said = [name, node.label, platform(node.type), STATUS[status]?.[0] ?? status];
      node.title.textContent = said.filter(Boolean).join(", ");
      node.shape.setAttribute("aria-label", node.title.textContent);
    }
    this.svg.classList.toggle("marking", marked.size > 0);
    const one = marked.size === 1;
    for (const link of this.links ?? []) {
      const touches = marked.has(link.left) || marked.has(link.right);
      const inside = marked.has(link.left) && marked.has(link.right);
      link.shape.setAttribute("class", (one ? touches : inside) ? "marked" : "");
    }
  }

  resize(isNew = false) {
    const { clientWidth: width, clientHeight: height } = this.svg;
    if (!this.layout || width === 0 || height === 0) return;
    this.width = width;
    this.height = height;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    if (isNew || this.isFit) this.fit();
    else this.place();
  }

  fit() {
    const { width, height } = this.layout;
    const room = (all) => Math.max(all - 2 * MARGIN_PX, 50);
    this.scale = Math.min(room(this.width) / (width || 1), room(this.height) / (height || 1));
    this.scaleMin = this.scale;
    this.dx = (this.width - width * this.scale) / 2;
    this.dy = (this.height - height * this.scale) / 2;
    this.isFit = true;
    this.place();
  }

  zoom(by, x = this.width / 2, y = this.height / 2) {
    if (!this.layout) return;
    const scale = Math.min(Math.max(this.scale * by, this.scaleMin / 2), this.scaleMin * ZOOM_MAX);
    const grown = scale / this.scale;
    this.dx = x - (x - this.dx) * grown;
    this.dy = y - (y - this.dy) * grown;
    this.scale = scale;
    this.isFit = false;
    this.place();
  }

  /** Puts everything where it is on the screen, once per frame however often that moves. */
  place() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.placeNow();
    });
  }

  placeNow() {
    const at = (name) => {
      const [x, y] = this.layout.at.get(name);
      return [x * this.scale + this.dx, y * this.scale + this.dy];
    };
    const set = (shape, values) => {
      for (const [key, value] of Object.entries(values)) shape.setAttribute(key, value.toFixed(1));
    };
    for (const link of this.links) {
      const [[left, up], [right, down]] = [at(link.left), at(link.right)];
      const long = Math.hypot(right - left, down - up) || 1;
      const [dx, dy] = [(up - down) / long * link.shift, (right - left) / long * link.shift];
      const [x1, y1, x2, y2] = [left + dx, up + dy, right + dx, down + dy];
      link.ends = [x1, y1, x2, y2];
      set(link.line, { x1, y1, x2, y2 });
      set(link.wide, { x1, y1, x2, y2 });
      set(link.text, { x: (x1 + x2) / 2, y: (y1 + y2) / 2 });
      link.text.classList.toggle("short", long < LENGTH_PX_MIN);
    }
    const isIn = ({ x, y }) => x > 0 && y > 0 && x < this.width && y < this.height;
    for (const node of this.nodes.values()) [node.x, node.y] = at(node.name);
    const inSight = [...this.nodes.values()].filter(isIn);
    const isFull = inSight.length > LABELS_MAX;
    const size = isFull ? " scale(0.55)" : "";
    for (const { shape, x, y } of this.nodes.values()) {
      shape.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})${size}`);
    }
    this.svg.classList.toggle("crowded", isFull);
    if (!isFull) this.label(inSight);
    this.grid.replaceChildren(...this.gridLines());
  }

  /** Writes each name on the side where it covers least. */
  label(nodes) {
    const taken = nodes.map((node) => [node.x - 9, node.y - 9, node.x + 9, node.y + 9]);
    const sight = [0, 0, this.width, this.height];
    const lines = this.links.map((link) => link.ends).filter((ends) => edges.crosses(sight, ends));
    for (const node of nodes) {
      const width = (node.label ?? node.name).length * 6.6;
      const sides = [[13, 4, "start"], [-13, 4, "end"], [0, -14, "middle"], [0, 23, "middle"],
        [11, -9, "start"], [11, 18, "start"], [-11, -9, "end"], [-11, 18, "end"]];
      const boxes = sides.map(([x, y, anchor]) => {
        const left = node.x + x - { start: 0, middle: width / 2, end: width }[anchor];
        return [left, node.y + y - 10, left + width, node.y + y + 3];
      });
      const costs = boxes.map((box) => edges.cost(box, taken, lines, this.width, this.height));
      const best = costs.indexOf(Math.min(...costs));
      const [x, y, anchor] = sides[best];
      taken.push(boxes[best]);
      node.text.setAttribute("x", x);
      node.text.setAttribute("y", y);
      node.text.setAttribute("text-anchor", anchor);
    }
  }

  /** Whole degrees, where the places are true. */
  gridLines() {
    if (!this.layout.degrees) return [];
    const { west, north, squeeze } = this.layout.degrees;
    const pixels = this.scale;
    const step = [1, 2, 5, 10, 30].find((degrees) => degrees * pixels * squeeze > 55) ?? 30;
    const made = [];
    const whole = (from) => Math.ceil(from / step) * step;
    const right = west + (this.width - this.dx) / pixels / squeeze;
    for (let east = whole(west - this.dx / pixels / squeeze); east < right; east += step) {
      const x = (east - west) * squeeze * pixels + this.dx;
      made.push(element("svg:line", { x1: x, x2: x, y1: 0, y2: this.height }),
        element("svg:text", { x: x + 3, y: 11 }, `${Math.abs(east)}° ${east < 0 ? "W" : "E"}`));
    }
    const top = north + this.dy / pixels;
    for (let up = whole(north - (this.height - this.dy) / pixels); up < top; up += step) {
      const y = (north - up) * pixels + this.dy;
      made.push(element("svg:line", { x1: 0, x2: this.width, y1: y, y2: y }),
        element("svg:text", { x: 3, y: y - 3 }, `${Math.abs(up)}° ${up < 0 ? "S" : "N"}`));
    }
    return made;
  }
}
