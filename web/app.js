// The operator's page: topology, devices, what each should run and runs, and the commits.
// It only reads; every change goes through the command line or RESTCONF.

const STATUS = ["in-sync", "pending", "drifted", "rejected", "disconnected"];
const VIEWS = ["diff", "target", "running", "log"];
const REFRESH_MS = 1000;
const HISTORY_MAX = 50;
const MAP = { width: 640, height: 760, margin: 60 };

const state = { token: takeToken(), device: null, view: "diff", generation: -1, drawn: "" };
const byId = (id) => document.getElementById(id);

/** The token comes in the address (behind `#`, so it never reaches a log) and stays in the tab. */
function takeToken() {
  const inAddress = new URLSearchParams(location.hash.slice(1)).get("token");
  if (inAddress) {
    sessionStorage.setItem("token", inAddress);
    history.replaceState(null, "", location.pathname);
  }
  return inAddress ?? sessionStorage.getItem("token");
}

async function ask(path, accept = "application/json") {
  const headers = { Accept: accept };
  if (state.token) headers.Authorization = `Bearer ${state.token}`;
  const answer = await fetch(path, { headers });
  byId("login").hidden = answer.status !== 401;
  if (!answer.ok) throw new Error(answer.status === 401 ? "log in" : `${path}: ${answer.status}`);
  return accept === "application/json" ? answer.json() : answer.text();
}

/** An element with attributes and children; strings become text, so nothing is ever markup. */
function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:")
    ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4))
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Places on the canvas: by longitude and latitude where known, else on a circle. */
function places(nodes) {
  const known = nodes.filter((node) => node.latitude !== undefined);
  const range = (values) => [Math.min(...values), Math.max(...values)];
  const [west, east] = range(known.map((node) => node.longitude));
  const [south, north] = range(known.map((node) => node.latitude));
  const scale = (value, low, high, size) =>
    MAP.margin + ((value - low) / (high - low || 1)) * (size - 2 * MAP.margin);
  return new Map(nodes.map((node, at) => {
    if (node.latitude !== undefined) {
      const x = scale(node.longitude, west, east, MAP.width);
      return [node.name, [x, MAP.height - scale(node.latitude, south, north, MAP.height)]];
    }
    const angle = (2 * Math.PI * at) / nodes.length;
    const radius = MAP.width / 2 - MAP.margin;
    return [node.name,
      [MAP.width / 2 + radius * Math.sin(angle), MAP.height / 2 - radius * Math.cos(angle)]];
  }));
}

function drawMap(topology, devices) {
  const svg = document.querySelector("#map svg");
  svg.setAttribute("viewBox", `0 0 ${MAP.width} ${MAP.height}`);
  const at = places(topology.nodes);
  const status = new Map(devices.map((device) => [device.name, device.status]));
  const lines = topology.links.filter((link) => at.has(link.left) && at.has(link.right));
  svg.replaceChildren(
    ...lines.map((link) => drawLink(link, at)),
    ...topology.nodes.map((node) => drawNode(node, at.get(node.name), status.get(node.name))),
  );
}

function drawLink(link, at) {
  const [[x1, y1], [x2, y2]] = [at.get(link.left), at.get(link.right)];
  const chosen = [link.left, link.right].includes(state.device) ? "chosen" : "";
  const length = link.length_km === undefined ? "" : `, ${link.length_km} km`;
  const label = `${link.left} ${link.left_interface} – ${link.right} ${link.right_interface}`;
  return element("svg:line", { x1, y1, x2, y2, class: chosen },
    element("svg:title", {}, label + length));
}

function drawNode(node, [x, y], status = "disconnected") {
  const choose = () => select(node.name);
  const onKey = (event) => { if (event.key === "Enter") choose(); };
  const chosen = node.name === state.device ? "chosen" : "";
  return element("svg:g", { tabindex: 0, class: chosen, onclick: choose, onkeydown: onKey },
    element("svg:circle", { cx: x, cy: y, r: 9, class: status }),
    element("svg:text", { x: x + 12, y: y + 4 }, node.label ?? node.name),
    element("svg:title", {}, `${node.name}: ${status}`));
}

function drawDevices(devices) {
  const head = element("tr", {}, ...["Device", "Type", "Status", "Generation"].map(
    (title) => element("th", { scope: "col" }, title)));
  const rows = devices.map((device) => {
    const chosen = device.name === state.device ? "chosen" : null;
    return element("tr", { class: chosen, onclick: () => select(device.name) },
      element("td", {}, device.name),
      element("td", {}, device.type),
      element("td", { class: device.status, title: device.detail }, `● ${device.status}`),
      element("td", {}, `${device.held_generation ?? "–"} / ${device.target_generation}`));
  });
  byId("devices").replaceChildren(
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
}

function drawHistory(commits) {
  const list = document.querySelector("#history ol");
  list.replaceChildren(...commits.map((commit) => {
    const when = new Date(commit.time_unix_ms).toLocaleTimeString();
    const what = [commit.author, commit.comment].filter(Boolean).join(": ");
    return element("li", {}, element("button", { onclick: () => showCommit(commit.generation) },
      element("span", {}, `#${commit.generation}`), element("span", {}, when),
      element("span", {}, what)));
  }));
}

async function showCommit(generation) {
  const commit = await ask(`/api/v1/commits/${generation}`);
  byId("edit").hidden = false;
  byId("edit").textContent = commit.edit ?? commit.facts ?? "";
}

async function select(name) {
  state.device = name;
  state.drawn = "";
  await refresh();
}

async function drawDevice(devices) {
  const device = devices.find((device) => device.name === state.device);
  const panel = byId("device");
  panel.hidden = !device;
  if (!device) return;
  panel.querySelector("h2").textContent = device.name;
  panel.querySelector(".facts").textContent =
    [device.type, device.status, device.detail, device.address].filter(Boolean).join(" · ");
  panel.querySelector("nav").replaceChildren(...VIEWS.map((view) => element("button", {
    role: "tab", "aria-selected": view === state.view,
    onclick: () => { state.view = view; state.drawn = ""; refresh(); },
  }, view)));
  const format = ["diff", "log"].includes(state.view) ? "text" : "xml";
  const path = `/device/${encodeURIComponent(device.name)}/${state.view}?format=${format}`;
  showText(panel.querySelector("pre"), await ask(path, "*/*"));
}

function showText(pre, text) {
  const mark = { "+": "add", "-": "del" };
  pre.replaceChildren(...text.split("\n").map((line) => {
    const kind = state.view === "diff" ? mark[line[0]] : undefined;
    return element("span", { class: kind ?? null }, `${line}\n`);
  }));
}

function drawSummary(status, devices) {
  const held = devices.filter((device) => device.status === "in-sync").length;
  byId("summary").textContent = `${status.network} · generation ${status.generation} · `
    + `${held} of ${devices.length} devices hold their target`;
}

async function refresh() {
  try {
    const [status, { devices }] = await Promise.all([
      ask("/api/v1/status"), ask("/api/v1/devices")]);
    drawSummary(status, devices);
    const drawing = JSON.stringify([status.generation, devices, state.device, state.view]);
    if (drawing === state.drawn) return;
    state.drawn = drawing;
    const [topology, { commits }] = await Promise.all([
      ask("/api/v1/topology"), ask(`/api/v1/commits?limit=${HISTORY_MAX}`)]);
    drawMap(topology, devices);
    drawDevices(devices);
    drawHistory(commits);
    await drawDevice(devices);
  } catch (error) {
    byId("summary").textContent = String(error.message ?? error);
  }
}

byId("legend").replaceChildren(...STATUS.map((name) => element("li", { class: name }, name)));
byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  state.token = byId("token").value;
  sessionStorage.setItem("token", state.token);
  refresh();
});
setInterval(refresh, REFRESH_MS);
refresh();
