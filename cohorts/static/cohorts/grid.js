// A big table is one stop of the Tab key: inside it the arrows move from cell to cell, Enter opens what a cell holds.
const PAGE = 10;

function start(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map(stop));
  let now = [0, 0];
  table.setAttribute("role", "grid");
  for (const cell of rows.flat()) cell.tabIndex = -1;
  rows[0][0].tabIndex = 0;

  function go(row, column, focus = true) {
    const r = Math.min(Math.max(row, 0), rows.length - 1);
    const c = Math.min(Math.max(column, 0), rows[r].length - 1);
    rows[now[0]][now[1]].tabIndex = -1;
    now = [r, c];
    rows[r][c].tabIndex = 0;
    if (focus) rows[r][c].focus();
  }

  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const [r, c] = now;
    const last = rows[r].length - 1;
    const to = {
      ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      PageUp: [r - PAGE, c], PageDown: [r + PAGE, c],
      Home: [event.ctrlKey ? 0 : r, 0], End: [event.ctrlKey ? rows.length - 1 : r, last],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    go(...to);
  });

  // A tap or a click takes the stop along.
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || !cell.closest("tbody")) return;
    const r = cell.parentNode.sectionRowIndex;
    if (rows[r][cell.cellIndex] === event.target) go(r, cell.cellIndex, false);
  });
}

// What takes the focus in a cell: the link or the reason that it holds, else the cell itself.
function stop(cell) {
  return cell.querySelector("a, summary") || cell;
}

for (const table of document.querySelectorAll("table[data-grid]")) start(table);
