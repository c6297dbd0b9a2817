// The services: VPNs with their sites, as the intent has them (RFC 8299).

import { element, empty, facts, replace, table } from "./element.js";
import { Pages } from "./pages.js";
import { link } from "./route.js";
import { ask } from "./server.js";
import { bandwidth } from "./words.js";

/** Only what is shown: a site has much more. */
const WANTED = "vpn-services/vpn-service(vpn-id;customer-name;vpn-service-topology);"
  + "sites/site(site-id;site-network-accesses/site-network-access)";
const PATH = "/restconf/data/ietf-l3vpn-svc:l3vpn-svc";

/** VPNs with their sites, from a document of the model. */
export function vpns(document) {
  const root = document["ietf-l3vpn-svc:l3vpn-svc"] ?? {};
  const found = new Map((root["vpn-services"]?.["vpn-service"] ?? []).map((vpn) => [vpn["vpn-id"], {
    id: vpn["vpn-id"], customer: vpn["customer-name"] ?? "",
    topology: vpn["vpn-service-topology"] ?? null, sites: [],
  }]));
  for (const site of root.sites?.site ?? []) {
    for (const access of site["site-network-accesses"]?.["site-network-access"] ?? []) {
      found.get(access["vpn-attachment"]?.["vpn-id"])?.sites.push(attachment(site, access));
    }
  }
  return [...found.values()];
}

function attachment(site, access) {
  const bearer = access.bearer?.["bearer-reference"] ?? "";
  const comma = bearer.indexOf(",");
  const addresses = access["ip-connection"]?.ipv4?.addresses ?? {};
  const routing = access["routing-protocols"]?.["routing-protocol"] ?? [];
  return {
    site: site["site-id"],
    router: comma < 0 ? bearer : bearer.slice(0, comma),
    port: comma < 0 ? "" : bearer.slice(comma + 1),
    input: access.service?.["svc-input-bandwidth"],
    output: access.service?.["svc-output-bandwidth"],
    mtu: access.service?.["svc-mtu"],
    provider: addresses["provider-address"],
    customer: addresses["customer-address"],
    length: addresses["prefix-length"],
    routing: routing.map((one) => one.bgp?.["autonomous-system"]
      ? `BGP, AS ${one.bgp["autonomous-system"]}` : one.type.replace(/^.*:/, "")).join(", "),
  };
}

export class ServiceList {
  constructor(root, onTrouble) {
    this.root = root;
    this.onTrouble = onTrouble;
    this.generation = null;
    this.list = null;
    this.pages = new Pages(() => this.draw());
    this.search = element("input", {
      type: "search", placeholder: "VPN, customer, site or router", "data-focus": "find",
      "aria-label": "Find services", oninput: () => { this.pages.at = 0; this.draw(); },
    });
  }

  /** Shows the services of a generation, or one of them; returns the routers it is about. */
  async show(generation, item) {
    this.item = item;
    if (this.generation !== generation) {
      if (this.list === null) replace(this.root, element("h2", {}, "Services"), "…");
      try {
        this.list = await this.load();
        this.generation = generation;
      } catch (error) {
        replace(this.root, element("h2", {}, "Services"),
          empty("The services cannot be shown now.", error.message));
        this.onTrouble(error);
        return;
      }
    }
    this.draw();
  }

  /** A network without the model, or without services, has none. */
  async load() {
    try {
      const path = `${PATH}?fields=${encodeURIComponent(WANTED)}`;
      return vpns(await ask(path, { accept: "application/yang-data+json" }));
    } catch (error) {
      if (error.status === 404) return [];
      throw error;
    }
  }

  /** The routers that the chosen service is on. */
  marked() {
    const chosen = this.list?.find((vpn) => vpn.id === this.item);
    return new Set(chosen?.sites.map((site) => site.router));
  }

  draw() {
    if (this.item) {
      const chosen = this.list.find((vpn) => vpn.id === this.item);
      const back = { class: "back", href: link("services"), "data-focus": "back" };
      replace(this.root, element("a", back, "← All services"),
      ...chosen ? this.one(chosen) : [empty(`There is no VPN ${this.item}.`)]);
      return;
    }
    if (this.list.length === 0) {
      replace(this.root, element("h2", {}, "Services"), empty("This network has no services.",
        "VPNs of the model ietf-l3vpn-svc appear here with their sites."));
      return;
    }
    const found = this.found();
    const rows = this.pages.of(found).map((vpn) => this.row(vpn));
    replace(this.root, element("h2", {}, "Services"),
      element("div", { class: "tools" }, this.search),
      found.length === 0 ? empty("No service is like that.")
        : table("Services", ["VPN", "Customer", "Sites", "Routers"], rows), this.pages.bar());
  }

  found() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return this.list.filter((vpn) => {
      const sites = vpn.sites.map((site) => `${site.site} ${site.router}`).join(" ");
      const text = `${vpn.id} ${vpn.customer} ${sites}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  row(vpn) {
    const href = link("services", vpn.id);
    const routers = [...new Set(vpn.sites.map((site) => site.router))].sort();
    const more = routers.length > 4 ? ` and ${routers.length - 4} more` : "";
    const open = (event) => { if (!event.target.closest("a")) location.hash = href; };
    return element("tr", { class: "open", onclick: open },
      element("td", {}, element("a", { href, "data-focus": `row ${vpn.id}` }, vpn.id)),
      element("td", {}, vpn.customer), element("td", { class: "number" }, String(vpn.sites.length)),
      element("td", { class: "detail" }, routers.slice(0, 4).join(", ") + more));
  }

  one(vpn) {
    const pages = this.sitePages ??= new Pages(() => this.draw());
    const rows = pages.of(vpn.sites).map((site) => element("tr", {},
      element("td", {}, site.site),
      element("td", {}, element("a", { href: link("devices", site.router) }, site.router),
        element("div", { class: "detail" }, site.port)),
      element("td", {}, network(site)),
      element("td", {}, speed(site), element("div", { class: "detail" },
        site.mtu ? `MTU ${site.mtu}` : "")),
      element("td", {}, site.routing)));
    return [
      element("div", { class: "head" }, element("h2", {}, vpn.customer || vpn.id)),
      facts([["VPN", vpn.id], ["Sites", String(vpn.sites.length)],
        ["Topology", vpn.topology?.replace(/^.*:/, "")]]),
      rows.length === 0 ? empty("No site is attached to it yet.")
        : table(`Sites of ${vpn.id}`,
          ["Site", "Router and port", "Addresses", "Bandwidth", "Routing"], rows),
      pages.bar(),
    ];
  }
}

/** The two ends of the line to a customer. */
function network(site) {
  if (!site.provider) return "–";
  const length = site.length === undefined ? "" : `/${site.length}`;
  return [`${site.provider}${length}`,
    element("div", { class: "detail" }, `customer ${site.customer ?? "–"}`)];
}

function speed(site) {
  if (site.input === undefined) return "–";
  const [input, output] = [bandwidth(site.input), bandwidth(site.output ?? site.input)];
  return input === output ? input : `${input} in, ${output} out`;
}

