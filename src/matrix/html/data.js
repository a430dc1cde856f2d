// The data of the page, as data.rs writes it.
//
// strings      all texts; other values are their indices, and 0 is no text
// rows         the clusters, as one list for each property
// addons       the columns: `kinds` are the distinct cells, `of` is the kind of each cluster
// labels       sets of labels: key, value, key, value, …
// explanations why a cluster gets an add-on or not, and where the values come from; cells share them
// changes      sets of changed objects; rows and cells share them, and 0 is no change

const data = JSON.parse(document.getElementById('data').textContent);
const text = index => data.strings[index];
const rows = data.rows;
const total = rows.name.length;

const MARK = ['', 'added', 'removed', 'version changed', 'changed'];
const REMOVED = 2;
const [VERSION, VARIANT, LOCATION, EXPLANATION, MARKED, BEFORE, CHANGES] = [0, 1, 2, 3, 4, 5, 6];

/** Returns the cell of an add-on on a cluster. */
const cellOf = (addon, row) => addon.kinds[addon.of[row]];

/** The labels of each set as a map. */
const labelSets = data.labels.map(set => {
  const labels = new Map();
  for (let at = 0; at < set.length; at += 2) labels.set(text(set[at]), text(set[at + 1]));
  return labels;
});
const labelsOf = row => labelSets[rows.labels[row]];

/** The most common version of each add-on; another one is worth a look. */
for (const addon of data.addons) {
  const counts = new Map();
  for (const kind of addon.of) {
    const version = addon.kinds[kind][VERSION];
    if (version) counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  addon.common = [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? 0;
}

/** Whether a change affects the cluster or one of its add-ons. */
const isChanged = Uint8Array.from({ length: total }, (_, row) =>
  rows.mark[row] > 0 || data.addons.some(addon => cellOf(addon, row)[MARKED] > 0) ? 1 : 0);

const numberFormat = new Intl.NumberFormat('en-US');
const count = (number, noun) => `${numberFormat.format(number)} ${noun}${number === 1 ? '' : 's'}`;

/** Creates an element. Children are elements or texts; no text is parsed as HTML. */
function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) created.setAttribute(key, value === true ? '' : value);
  }
  created.append(...children.filter(child => child !== undefined && child !== ''));
  return created;
}

/** Returns a sentence, with the parts in backticks as code. */
const prose = sentence => sentence.split('`').map((part, at) => (at % 2 === 1 ? element('code', {}, part) : part));

/** Text that only screen readers read. */
const spoken = words => element('span', { class: 'spoken' }, words);
