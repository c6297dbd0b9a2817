// The operator's page. It reads, and every change goes through the command line or RESTCONF.
//
// It stays up to date by one question that the controller answers when something is new, 25
// seconds later at the latest (`/api/v1/news`); and it asks at most once a second, less often in a
// large network, and not at all while nobody looks at it.

import { CommitList } from "./commits.js";
import { DevicePanel } from "./device.js";
import { DeviceList } from "./devices.js";
import { element, replace } from "./element.js";
import { NetworkMap } from "./map.js";
import { link, place, takeToken } from "./route.js";
import { ServiceList } from "./services.js";
import { Refused, ask, session } from "./server.js";
import { STATUS } from "./words.js";

const INTERVAL_MS = 1000;
/** A large network has more to tell each time, and is asked less often. */
const INTERVAL_PER_DEVICE_MS = 2;
/** Pauses after questions without an answer. */
const RETRY_MS = [1000, 2000, 4000, 8000];

const byId = (id) => document.getElementById(id);
const main = document.querySelector("main");
const state = { news: null, devices: [], topology: null, drawn: null };

const panels = Object.fromEntries(["list", "device", "services", "commits"].map((name) => {
  const root = element("div", { hidden: true });
  byId("panel").append(root);
  return [name, root];
}));
const map = new NetworkMap(byId("map"), (name) => { location.hash = link("devices", name); });
const list = new DeviceList(panels.list);
const device = new DevicePanel(panels.device, trouble);
const services = new ServiceList(panels.services, trouble);
const commits = new CommitList(panels.commits, trouble);
device.onFormat = () => draw();

/** Shows the place that the address names, with what is known now. */
async function draw() {
  const { view, item, part } = place();
  for (const anchor of byId("views").children) {
    const isHere = anchor.getAttribute("href") === link(view);
    if (isHere) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  document.title = [item, view, "Weft"].filter(Boolean).join(" · ");
  const shown = view === "devices" ? (item ? "device" : "list") : view;
  for (const [name, root] of Object.entries(panels)) root.hidden = name !== shown;
  if (!state.news) return;
  paint();
  if (shown === "list") list.show(state.devices);
  if (shown === "device") await device.show(state.devices, item, part);
  if (shown === "services") await services.show(state.news.generation, item);
  if (shown === "commits") await commits.show(state.news.generation, item, paint);
  paint();
}

/** The map, with what the panel is about marked on it. */
function paint() {
  const { view, item } = place();
  const marked = {
    devices: () => new Set(item ? [item] : []),
    services: () => services.marked(),
    commits: () => commits.marked(),
  }[view]();
  map.paint(state.devices, marked);
}

/** Learns what is new, and shows it. */
async function refresh() {
  const since = state.news ? `?since=${encodeURIComponent(state.news.moment)}` : "";
  const news = await ask(`/api/v1/news${since}`);
  const [{ devices }, topology] = await Promise.all([
    ask("/api/v1/devices"),
    state.drawn === `${news.moment.split("-")[0]} ${news.generation}`
      ? state.topology : ask("/api/v1/topology")]);
  welcome();
  Object.assign(state, { news, devices });
  if (state.topology !== topology) {
    state.drawn = `${news.moment.split("-")[0]} ${news.generation}`;
    const drawing = JSON.stringify([topology, devices.map((one) => [one.name, one.type])]);
    if (state.drawing !== drawing) map.draw(topology, devices);
    Object.assign(state, { topology, drawing });
  }
  summarise(news);
  await draw();
  if (!news.alive) throw new Refused(0, "The controller has stopped; its listener still answers.");
}

function summarise(news) {
  const generation = news.generation.toLocaleString("en");
  byId("network").textContent = `${news.network} · generation ${generation}`;
  const counted = Object.keys(STATUS).reverse().filter((name) => news.by_status[name]);
  replace(byId("counts"), counted.map((name) => element("li", { class: name },
    element("button", {
      type: "button", "data-focus": name, title: `Show these: ${STATUS[name][1]}`,
      onclick: () => { list.only(name); location.hash = link("devices"); draw(); },
    }, `${news.by_status[name].toLocaleString("en")} ${STATUS[name][0]}`))));
}

function welcome() {
  show({ login: false });
  byId("trouble").hidden = true;
  live("live", "live");
}

/** What is wrong, in words, until it is over. */
function trouble(error) {
  if (error instanceof Refused && error.status === 401) {
    byId("login-trouble").textContent = session.token ? `Not let in: ${error.message}.` : "";
    session.token = null;
    show({ login: true });
    live("logged out", "out");
    return;
  }
  if (error instanceof Refused && error.status === 404) return;
  if (!(error instanceof Refused)) console.error(error);
  byId("trouble").textContent = `${error.message} What you see may be old; it is tried again.`;
  byId("trouble").hidden = false;
  live("not connected", "down");
}

function live(words, kind) {
  if (byId("live").textContent !== words) byId("live").textContent = words;
  byId("live").className = kind;
}

function show({ login }) {
  if (login && byId("login").hidden) setTimeout(() => byId("token").focus());
  byId("login").hidden = !login;
  main.hidden = login;
  for (const id of ["views", "summary", "logout", "map-toggle"]) byId(id).hidden = login;
  if (login) byId("trouble").hidden = true;
}

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** Ends when somebody looks at the page. */
function seen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => {
    document.addEventListener("visibilitychange", done, { once: true });
  }).then(seen);
}

let wake = () => {};

async function follow() {
  let failures = 0;
  for (;;) {
    await seen();
    try {
      await refresh();
      failures = 0;
      await pause(INTERVAL_MS + state.devices.length * INTERVAL_PER_DEVICE_MS);
    } catch (error) {
      trouble(error);
      // Nothing comes of asking again without a token: wait for one.
      if (error.status === 401) await new Promise((done) => { wake = done; });
      else await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    }
  }
}

byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  session.token = byId("token").value.trim();
  byId("token").value = "";
  state.news = null;
  wake();
});
byId("logout").addEventListener("click", () => {
  session.token = null;
  location.reload();
});
byId("map-toggle").addEventListener("click", (event) => {
  const isShown = main.classList.toggle("wide") === false;
  event.currentTarget.setAttribute("aria-pressed", String(isShown));
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("panel").focus();
});

const given = takeToken();
if (given) session.token = given;
addEventListener("hashchange", () => {
  const token = takeToken();
  if (token) {
    session.token = token;
    wake();
  }
  byId("panel").scrollTop = 0;
  draw();
});
follow();
