// What things are called here.

/** Statuses of a device, the worst first, with what they mean. */
export const STATUS = {
  rejected: ["rejected", "It refused its target."],
  drifted: ["drifted", "Somebody else changed it."],
  "awaiting-approval": ["awaiting approval", "Its change waits until somebody approves of it."],
  disconnected: ["disconnected", "There is no session to it."],
  pending: ["pending", "It is on its way to its target."],
  "in-sync": ["in sync", "It holds its target."],
};

/** A sign beside the colour, for who cannot tell the colours apart. */
export const SIGN = {
  rejected: "✕", drifted: "≠", "awaiting-approval": "?", disconnected: "–", pending: "→", "in-sync": "✓",
};

const VENDORS = [
  [/^Cisco.*XR/i, "Cisco IOS XR"], [/^Cisco/i, "Cisco"], [/^Junip/i, "Juniper Junos"],
  [/^Nokia.*SRL/i, "Nokia SR Linux"], [/^Nokia/i, "Nokia"], [/^Arista/i, "Arista EOS"],
];

/** The platform of a device type, for people: `CiscoIosXr_25_3_1` is Cisco IOS XR 25.3.1. */
export function platform(type) {
  const known = VENDORS.find(([pattern]) => pattern.test(type));
  const version = /_(\d.*)$/.exec(type)?.[1].replaceAll("_", ".");
  return known ? [known[1], version].filter(Boolean).join(" ") : type;
}

/** The same without the version. */
export function vendor(type) {
  return VENDORS.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}

/** One thing or many. */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** A moment as `2026-01-15 08:49:37`. */
export function time(unixMs) {
  const at = new Date(unixMs);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} `
    + `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** How long ago. */
export function ago(unixMs, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - unixMs) / 1000));
  const steps = [[86_400, "day"], [3600, "hour"], [60, "minute"]];
  const [size, unit] = steps.find(([size]) => seconds >= size) ?? [1, "second"];
  return `${count(Math.floor(seconds / size), unit)} ago`;
}

/** Bits per second with a unit. */
export function bandwidth(bits) {
  const number = Number(bits);
  const unit = [[1e12, "Tbit/s"], [1e9, "Gbit/s"], [1e6, "Mbit/s"], [1e3, "kbit/s"]]
    .find(([size]) => number >= size);
  return unit ? `${+(number / unit[0]).toFixed(2)} ${unit[1]}` : `${bits} bit/s`;
}
