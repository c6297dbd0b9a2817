// Where things are on the map: by longitude and latitude where known, else spread evenly.

/** Places of routers, in degrees of latitude from the upper left corner. */
export function layout(nodes) {
  const known = nodes.filter((node) => node.latitude !== undefined
    && node.longitude !== undefined);
  const at = new Map();
  let [width, height, degrees] = [0, 0, null];
  if (known.length > 0) {
    const east = range(known.map((node) => node.longitude));
    const north = range(known.map((node) => node.latitude));
    // A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    const squeeze = Math.max(0.1, Math.cos(((north.low + north.high) / 2) * (Math.PI / 180)));
    width = (east.high - east.low) * squeeze;
    height = north.high - north.low;
    degrees = { west: east.low, north: north.high, squeeze };
    for (const node of known) {
      at.set(node.name, [(node.longitude - east.low) * squeeze, north.high - node.latitude]);
    }
  }
  const others = nodes.filter((node) => !at.has(node.name));
  const spread = spreadOut(others, Math.max(width, 1));
  for (const [name, [x, y]] of spread.at) at.set(name, [x, y + (known.length ? height + 0.5 : 0)]);
  if (others.length > 0) {
    width = Math.max(width, spread.width);
    height += spread.height + (known.length ? 0.5 : 0);
  }
  return { at, width: width || 1e-6, height: height || 1e-6, degrees };
}

/** Rows and columns, in the order of the list; on the border of a circle when they are few. */
function spreadOut(nodes, width) {
  const at = new Map();
  if (nodes.length <= 40) {
    const radius = width / 2;
    nodes.forEach((node, number) => {
      const angle = (2 * Math.PI * number) / nodes.length;
      at.set(node.name, [radius + radius * Math.sin(angle), radius - radius * Math.cos(angle)]);
    });
    return { at, width, height: width };
  }
  const columns = Math.ceil(Math.sqrt(nodes.length));
  const step = width / (columns - 1);
  nodes.forEach((node, number) => {
    const row = Math.floor(number / columns);
    // Every other row and column is moved a little, so that links do not lie on routers.
    const shift = (row % 2) * 0.5;
    at.set(node.name, [((number % columns) + shift) * step, row * step]);
  });
  return { at, width: width + step / 2, height: Math.ceil(nodes.length / columns) * step };
}

function range(values) {
  return values.reduce(({ low, high }, value) =>
    ({ low: Math.min(low, value), high: Math.max(high, value) }),
  { low: Infinity, high: -Infinity });
}

/** What a label would cover. */
export const edges = {
  cost(box, taken, lines, width, height) {
    const [left, top, right, bottom] = box;
    const outside = left < 0 || top < 0 || right > width || bottom > height ? 20 : 0;
    const covered = taken.filter(([a, b, c, d]) =>
      left < c && right > a && top < d && bottom > b).length;
    const crossed = lines.filter((line) => crosses(box, line)).length;
    return outside + covered * 10 + crossed;
  },
  crosses,
};

/** Whether a line runs through a box (the clipping of Liang and Barsky). */
function crosses([left, top, right, bottom], [x1, y1, x2, y2]) {
  let [from, to] = [0, 1];
  const sides = [[x1 - x2, x1 - left], [x2 - x1, right - x1], [y1 - y2, y1 - top],
    [y2 - y1, bottom - y1]];
  for (const [way, room] of sides) {
    if (way === 0 && room < 0) return false;
    if (way === 0) continue;
    const at = room / way;
    if (way < 0) from = Math.max(from, at);
    else to = Math.min(to, at);
  }
  return from < to;
}
