// The grid: a table that contains only the rows in view, between two empty rows of the missing height.

const grid = document.getElementById('grid');
const viewport = document.getElementById('viewport');
const OVERSCAN = 6;
/** The longest text of a column that makes it wider, in characters. */
const [MIN_CHARS, MAX_CHARS] = [7, 22];

const head = element('thead');
const above = element('td', { role: 'presentation' });
const body = element('tbody');
const below = element('td', { role: 'presentation' });
const spacer = cell => element('tbody', { 'aria-hidden': 'true' }, element('tr', { class: 'spacer' }, cell));

/** The cell that the keyboard is at. Row -1 is the head. */
const active = { row: 0, column: 0 };
const cellId = (row, column) => `cell-${row}-${column}`;
const rowHeight = () => parseFloat(getComputedStyle(grid).getPropertyValue('--row'));

/** Creates the head and the widths of the columns. */
function renderHead() {
  const widths = view.columns.map((column, at) => {
    const longest = Math.max(column.title.length + 2, ...[...new Set(ranks(column))].slice(0, 200).map(rank => {
      const row = column.ranks.indexOf(rank);
      const arrow = column.addon && cellOf(column.addon, row)[BEFORE] ? text(cellOf(column.addon, row)[BEFORE]).length + 3 : 0;
      return column.value(row).length + arrow;
    }));
    return Math.min(Math.max(longest, MIN_CHARS), at === 0 ? MAX_CHARS + 8 : MAX_CHARS);
  });
  const cols = widths.map((chars, at) => {
    const col = element('col');
    col.style.width = at === 0 ? `min(${chars + 5}ch, 46vw)` : `${chars + 4}ch`;
    return col;
  });
  grid.style.width = `calc(${widths.reduce((sum, chars) => sum + chars + 5, 0)}ch)`;
  head.replaceChildren(element('tr', { 'aria-rowindex': 1 }, ...view.columns.map(headCell)));
  grid.replaceChildren(element('colgroup', {}, ...cols), head, spacer(above), body, spacer(below));
  grid.setAttribute('aria-colcount', view.columns.length);
}

function headCell(column, at) {
  const isSorted = view.sort === column;
  const order = isSorted ? (view.isDescending ? 'descending' : 'ascending') : 'none';
  const mark = column.addon?.mark ? element('span', { class: 'tag' }, MARK[column.addon.mark]) : undefined;
  const arrow = isSorted ? element('span', { class: 'arrow', 'aria-hidden': 'true' }, view.isDescending ? '▼' : '▲') : undefined;
  const kind = column.label ? element('span', { class: 'kind' }, 'label') : undefined;
  return element('th', {
    scope: 'col', id: cellId(-1, at), 'aria-sort': order, 'aria-colindex': at + 1, 'data-row': -1, 'data-column': at,
    title: column.addon ? text(column.addon.software) : column.title,
  }, element('span', { class: 'title' }, column.title), arrow, kind, mark);
}

/** Shows the rows in view. */
function renderRows() {
  const height = rowHeight();
  const visible = Math.ceil(viewport.clientHeight / height) + 2 * OVERSCAN;
  const last = Math.max(view.items.length - visible, 0);
  const first = Math.min(Math.max(Math.floor(viewport.scrollTop / height) - OVERSCAN, 0), last);
  const end = Math.min(first + visible, view.items.length);
  const created = [];
  for (let at = first; at < end; at += 1) {
    const item = view.items[at];
    created.push(typeof item === 'number' ? clusterRow(item, at) : groupRow(item, at));
  }
  body.replaceChildren(...created);
  above.style.height = `${first * height}px`;
  below.style.height = `${(view.items.length - end) * height}px`;
  grid.setAttribute('aria-rowcount', view.items.length + 1);
  markActive();
}

function clusterRow(row, at) {
  const mark = rows.mark[row];
  const cells = view.columns.map((column, index) => {
    const place = { id: cellId(at, index), 'aria-colindex': index + 1, 'data-row': at, 'data-column': index };
    if (index === 0) {
      const tag = mark ? element('span', { class: `tag ${MARK[mark]}` }, MARK[mark]) : undefined;
      const space = text(rows.namespace[row]);
      const where = space === rows.name[row] ? undefined : element('span', { class: 'where' }, space);
      return element('th', { scope: 'row', title: rows.name[row], ...place }, element('span', { class: 'name' }, rows.name[row]), where, tag);
    }
    if (column.addon) return addonCell(column.addon, row, place);
    return element('td', { role: 'gridcell', class: 'label', title: column.value(row), ...place }, column.value(row) || '–');
  });
  return element('tr', { 'aria-rowindex': at + 2, class: MARK[mark] }, ...cells);
}

function addonCell(addon, row, place) {
  const cell = cellOf(addon, row);
  const [mark, found] = [cell[MARKED], text(cell[VERSION])];
  if (!found) {
    return element('td', { role: 'gridcell', class: 'none', ...place }, element('span', { 'aria-hidden': 'true' }, '–'), spoken('not installed'));
  }
  const isRare = cell[VERSION] !== addon.common;
  const shown = element('span', { class: 'version' }, found);
  const parts = {
    0: [shown],
    1: [spoken('added'), element('span', { class: 'sign', 'aria-hidden': 'true' }, '+ '), shown],
    2: [spoken('removed'), element('del', {}, found)],
    3: [spoken('changed from'), element('span', { class: 'before' }, text(cell[BEFORE])),
      element('span', { class: 'sign', 'aria-hidden': 'true' }, ' → '), spoken('to'), shown],
    4: [shown, element('span', { class: 'sign', 'aria-hidden': 'true' }, ' ±'), spoken('changed')],
  }[mark];
  const names = ['addon', mark ? MARK[mark].split(' ')[0] : '', isRare ? 'rare' : ''].filter(Boolean).join(' ');
  return element('td', { role: 'gridcell', title: found, class: names, ...place }, element('span', { class: 'pill' }, ...parts));
}

function groupRow(group, at) {
  const isOpen = !view.collapsed.has(group.name);
  const cells = view.columns.map((column, index) => {
    const place = { id: cellId(at, index), 'aria-colindex': index + 1, 'data-row': at, 'data-column': index };
    if (index === 0) {
      return element('th', { scope: 'row', title: group.name, 'aria-expanded': String(isOpen), ...place },
        element('span', { class: 'arrow', 'aria-hidden': 'true' }, isOpen ? '▾ ' : '▸ '),
        element('span', { class: 'name' }, group.name || '(none)'),
        element('span', { class: 'where' }, numberFormat.format(group.rows.length), spoken(' clusters')));
    }
    const found = column.addon ? versionsOf(column.addon, group.rows) : [];
    const summary = found.length > 1 ? `${found.length} versions` : (found[0]?.[0] ?? '');
    const title = found.map(([name, number]) => `${name} × ${number}`).join('\n');
    return element('td', { role: 'gridcell', title, ...place }, summary);
  });
  return element('tr', { 'aria-rowindex': at + 2, class: 'group' }, ...cells);
}

/** Marks the cell that the keyboard is at, if it is in view. */
function markActive() {
  grid.querySelector('.active')?.classList.remove('active');
  const cell = document.getElementById(cellId(active.row, active.column));
  cell?.classList.add('active');
  if (cell) grid.setAttribute('aria-activedescendant', cell.id);
  else grid.removeAttribute('aria-activedescendant');
}

let isScheduled = false;
viewport.addEventListener('scroll', () => {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => { isScheduled = false; renderRows(); });
}, { passive: true });
