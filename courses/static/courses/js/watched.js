/* Moments of a recording as disjoint pairs of seconds, in order: the same reckoning as on the server. */

const round = (seconds) => Math.round(seconds * 100) / 100;

export function union(pairs) {
  const joined = [];
  pairs
    .filter(([start, end]) => end > start)
    .map(([start, end]) => [start, end])
    .sort((one, two) => one[0] - two[0])
    .forEach(([start, end]) => {
      const last = joined[joined.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else joined.push([start, end]);
    });
  return joined;
}

/* What is in `mine` and not yet in `known`. */
export function added(known, mine) {
  const rest = [];
  mine.forEach(([from, end]) => {
    let start = from;
    known.forEach(([low, high]) => {
      if (high <= start || low >= end) return;
      if (low > start) rest.push([start, low]);
      start = Math.max(start, high);
    });
    if (start < end) rest.push([start, end]);
  });
  return rest.map(([start, end]) => [round(start), round(end)]).filter(([start, end]) => end > start);
}

export const length = (pairs) => pairs.reduce((sum, [start, end]) => sum + end - start, 0);
export const furthest = (pairs) => pairs.reduce((far, pair) => Math.max(far, pair[1]), 0);
