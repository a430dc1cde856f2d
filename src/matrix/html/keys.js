// The keyboard and the mouse in the grid.

/** Moves to a cell, and scrolls it into view. */
function moveTo(row, column) {
  active.row = Math.min(Math.max(row, -1), view.items.length - 1);
  active.column = Math.min(Math.max(column, 0), view.columns.length - 1);
  const height = rowHeight();
  const room = viewport.clientHeight - head.offsetHeight;
  const top = active.row * height;
  if (active.row >= 0) {
    if (top < viewport.scrollTop) viewport.scrollTop = top;
    else if (top + height > viewport.scrollTop + room) viewport.scrollTop = top + height - room;
  }
  renderRows();
  const [first, cell] = [head.rows[0].cells[0], head.rows[0].cells[active.column]];
  const left = cell.offsetLeft - first.offsetWidth;
  if (active.column === 0) return;
  if (left < viewport.scrollLeft) viewport.scrollLeft = left;
  const right = cell.offsetLeft + cell.offsetWidth - viewport.clientWidth;
  if (right > viewport.scrollLeft) viewport.scrollLeft = Math.min(right, left);
}

/** Does what a cell offers: sorts by a column, opens or closes a group, or explains a cluster or an add-on. */
function activate(row, column) {
  if (row < 0) {
    sortBy(view.columns[column]);
    return;
  }
  const item = view.items[row];
  if (typeof item !== 'number') {
    if (!view.collapsed.delete(item.name)) view.collapsed.add(item.name);
    update();
    return;
  }
  explain(item, view.columns[column]);
}

grid.addEventListener('keydown', event => {
  const { row, column } = active;
  const page = Math.max(Math.floor(viewport.clientHeight / rowHeight()) - 2, 1);
  const end = view.columns.length - 1;
  const isWhole = event.ctrlKey || event.metaKey;
  const moves = {
    ArrowDown: [row + 1, column], ArrowUp: [row - 1, column],
    ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1],
    PageDown: [row + page, column], PageUp: [Math.max(row - page, 0), column],
    Home: isWhole ? [0, 0] : [row, 0], End: isWhole ? [view.items.length - 1, end] : [row, end],
  };
  if (event.key in moves && !event.altKey) {
    event.preventDefault();
    moveTo(...moves[event.key]);
  } else if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    activate(row, column);
  }
});

grid.addEventListener('click', event => {
  const cell = event.target.closest('[data-row]');
  if (!cell) return;
  [active.row, active.column] = [Number(cell.dataset.row), Number(cell.dataset.column)];
  markActive();
  grid.focus({ preventScroll: true });
  activate(active.row, active.column);
});
