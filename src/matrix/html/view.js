// What the matrix shows: columns, and the rows after filtering, sorting and grouping.

const MAX_LABEL_COLUMNS = 2;
const MAX_LABEL_KEYS = 50;
const collator = new Intl.Collator('en', { numeric: true });

/** The keys of labels, those with a few distinct values first, and `ring` before all. */
const labelKeys = (() => {
  const values = new Map();
  for (const set of labelSets) {
    for (const [key, value] of set) {
      if (!values.has(key)) values.set(key, new Set());
      values.get(key).add(value);
    }
  }
  const isRing = key => key === 'ring' || key.endsWith('/ring');
  const weight = key => (isRing(key) ? 0 : values.get(key).size > 1 && values.get(key).size <= 20 ? 1 : 2);
  const keys = [...values.keys()].sort((one, other) => weight(one) - weight(other) || collator.compare(one, other));
  return keys.slice(0, MAX_LABEL_KEYS).map(key => ({ key, isUseful: weight(key) < 2 }));
})();

const hasCells = rows.cell.some(cell => cell > 0);
const version = addon => row => text(cellOf(addon, row)[VERSION]);

/** All columns. `value` returns the text by which rows are sorted and grouped. */
const columns = [
  { id: 'name', title: 'Cluster', value: row => rows.name[row], isShown: true },
  ...(hasCells ? [{ id: 'cell', title: 'Cell', value: row => text(rows.cell[row]), isShown: true }] : []),
  ...labelKeys.map(({ key, isUseful }, at) => ({
    id: `label:${key}`, title: key, label: key, isShown: isUseful && at < MAX_LABEL_COLUMNS,
    value: row => labelsOf(row).get(key) ?? '',
  })),
  ...data.addons.map(addon => ({
    id: `addon:${text(addon.name)}`, title: text(addon.name), addon, value: version(addon), isShown: true,
  })),
];
const namespace = { id: 'namespace', title: 'Namespace', value: row => text(rows.namespace[row]) };

const view = {
  filter: '', onlyChanged: false, group: undefined, sort: columns[0], isDescending: false,
  columns: columns.filter(column => column.isShown),
  collapsed: new Set(),
  /** The rows in order, before filtering. */
  order: [],
  /** The shown rows: an index of a cluster, or a group `{ name, rows }`. */
  items: [],
  shown: 0,
};

/** Returns the position of each row's value among all values of a column, computed once. */
function ranks(column) {
  if (!column.ranks) {
    const values = rows.name.map((_, row) => column.value(row));
    const sorted = [...new Set(values)].sort((one, other) => (one === '') - (other === '') || collator.compare(one, other));
    const rank = new Map(sorted.map((value, at) => [value, at]));
    column.ranks = Int32Array.from(values, value => rank.get(value));
  }
  return column.ranks;
}

/** Sorts all rows. Filtering keeps this order. */
function sortRows() {
  const groups = view.group && ranks(view.group);
  const keys = ranks(view.sort);
  const sign = view.isDescending ? -1 : 1;
  const compare = (one, other) =>
    (groups ? groups[one] - groups[other] : 0) || sign * (keys[one] - keys[other]) || one - other;
  view.order = Int32Array.from({ length: total }, (_, row) => row).sort(compare);
}

/** The text of each row that the filter searches, computed once. */
let haystacks;
function haystack() {
  if (haystacks) return haystacks;
  const labels = labelSets.map(set => [...set].map(([key, value]) => `${key}=${value}`).join(' '));
  const cells = data.addons.map(addon => addon.kinds.map(kind =>
    kind[VERSION] && kind[MARKED] !== REMOVED ? ` ${text(addon.name)}@${text(kind[VERSION])}` : ''));
  haystacks = rows.name.map((name, row) => {
    let found = `${name} ${text(rows.namespace[row])}/${name} ${labels[rows.labels[row]]} ${text(rows.cell[row])}`;
    data.addons.forEach((addon, at) => { found += cells[at][addon.of[row]]; });
    return `${found} ${MARK[rows.mark[row]]} `.toLowerCase();
  });
  return haystacks;
}

/** Returns a function that tells whether a row matches all words of the filter. */
function matcher() {
  const words = view.filter.toLowerCase().split(/\s+/).filter(word => word && word !== '-');
  if (words.length === 0) return () => true;
  const all = haystack();
  const wanted = words.filter(word => !word.startsWith('-'));
  const unwanted = words.filter(word => word.startsWith('-')).map(word => word.slice(1));
  return row => wanted.every(word => all[row].includes(word)) && !unwanted.some(word => all[row].includes(word));
}

/** Computes the shown rows. */
function filterRows() {
  const matches = matcher();
  const found = view.order.filter(row => (!view.onlyChanged || isChanged[row]) && matches(row));
  view.shown = found.length;
  if (!view.group) {
    view.items = found;
    return;
  }
  view.items = [];
  let group;
  for (const row of found) {
    const name = view.group.value(row);
    if (!group || group.name !== name) {
      group = { name, rows: [] };
      view.items.push(group);
    }
    group.rows.push(row);
    if (!view.collapsed.has(name)) view.items.push(row);
  }
}

/** Returns the versions of an add-on in a group, the most common first: `[version, count]`. */
function versionsOf(addon, members) {
  const counts = new Map();
  for (const row of members) {
    const cell = cellOf(addon, row);
    if (cell[VERSION] && cell[MARKED] !== REMOVED) counts.set(cell[VERSION], (counts.get(cell[VERSION]) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1]).map(([found, number]) => [text(found), number]);
}
