// Names beside bubbles where there is room for them: over no other bubble and no other name.

const GAP = 2;

// `spots`: { row, x, y, radius } of every bubble in pixels; `wanted`: those that deserve a name, the
// most important first. Returns row -> side, for `most` of them.
export function placeLabels(spots, wanted, { most, textWidth, textHeight, width, height }) {
  const taken = spots.map(({ x, y, radius }) => [x - radius, y - radius, x + radius, y + radius]);
  const sides = new Map();
  for (const spot of wanted) {
    if (sides.size === most) break;
    const free = boxes(spot, textWidth(spot.row), textHeight).find(([, box]) => (
      box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height
      && !taken.some((other) => overlap(box, other))
    ));
    if (!free) continue;
    sides.set(spot.row, free[0]);
    taken.push(free[1]);
  }
  return sides;
}

function boxes({ x, y, radius }, wide, high) {
  const off = radius + GAP;
  return [
    ["top", [x - wide / 2, y - off - high, x + wide / 2, y - off]],
    ["right", [x + off, y - high / 2, x + off + wide, y + high / 2]],
    ["bottom", [x - wide / 2, y + off, x + wide / 2, y + off + high]],
    ["left", [x - off - wide, y - high / 2, x - off, y + high / 2]],
  ];
}

function overlap(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
