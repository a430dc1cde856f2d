// The tools above the grid, and the start.

const tool = id => document.getElementById(id);
const status = tool('count');

/** Shows the rows that match, from the first one. */
function update() {
  filterRows();
  const isAll = view.shown === total;
  status.textContent = isAll ? count(total, 'cluster') : `${numberFormat.format(view.shown)} of ${count(total, 'cluster')}`;
  tool('none').hidden = view.shown > 0;
  viewport.hidden = view.shown === 0;
  tool('grid-help').hidden = view.shown === 0;
  active.row = Math.min(active.row, view.items.length - 1);
  renderRows();
}

/** Sorts and shows all rows again. */
function reorder() {
  sortRows();
  renderHead();
  update();
}

/** Sorts by a column; again, in the other direction. */
function sortBy(column) {
  view.isDescending = view.sort === column && !view.isDescending;
  view.sort = column;
  tool('sort').value = column.id;
  reorder();
}

function fillTools() {
  const isUsed = column => column.value && new Set(ranks(column)).size > 1;
  const groups = [namespace, ...columns.slice(1)].filter(isUsed);
  const option = column => element('option', { value: column.id }, column.addon ? `Version of ${column.title}` : column.label ? `Label ${column.title}` : column.title);
  tool('group').append(element('option', { value: '' }, 'Nothing'), ...groups.map(option));
  tool('sort').append(...[columns[0], namespace, ...columns.slice(1)].map(option));
  tool('columns-list').append(...columns.slice(1).map(column => {
    const box = element('input', { type: 'checkbox', value: column.id, checked: column.isShown });
    box.addEventListener('change', () => {
      column.isShown = box.checked;
      view.columns = columns.filter(one => one.isShown);
      active.column = Math.min(active.column, view.columns.length - 1);
      renderHead();
      renderRows();
    });
    return element('label', { class: 'check' }, box, element('span', {}, column.label ? `label ${column.title}` : column.title));
  }));
  tool('columns').hidden = columns.length < 2;
}

function start() {
  view.onlyChanged = data.compared && isChanged.includes(1);
  tool('changed').checked = view.onlyChanged;
  tool('changed-tool').hidden = !data.compared;
  fillTools();
  for (const id of ['tools', 'viewport', 'filter-help', 'grid-help']) tool(id).hidden = false;
  grid.tabIndex = 0;
  reorder();
  tool('filter').addEventListener('input', event => {
    view.filter = event.target.value;
    viewport.scrollTop = 0;
    update();
  });
  tool('group').addEventListener('change', event => {
    view.group = [namespace, ...columns].find(column => column.id === event.target.value);
    view.collapsed.clear();
    viewport.scrollTop = 0;
    reorder();
  });
  tool('sort').addEventListener('change', event => {
    view.sort = [namespace, ...columns].find(column => column.id === event.target.value);
    view.isDescending = false;
    reorder();
  });
  tool('changed').addEventListener('change', event => {
    view.onlyChanged = event.target.checked;
    viewport.scrollTop = 0;
    update();
  });
  new ResizeObserver(renderRows).observe(viewport);
  // The filter is ready before the first key.
  setTimeout(haystack);
}

if (total > 0) start();
