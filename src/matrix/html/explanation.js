// The explanation of a cluster or of an add-on on a cluster.

const dialog = document.getElementById('explanation');
const explained = document.getElementById('explanation-body');
const heading = document.getElementById('explanation-title');

/** The sign and the class of each state of a level. */
const STATE = {
  applies: ['✓', 'yes'], wins: ['✓', 'yes'], overridden: ['↺', 'off'], 'not set': ['·', 'off'],
  'not found': ['·', 'off'], 'not selected': ['✗', 'no'],
};

const part = (title, ...children) => element('section', {}, element('h3', {}, title), ...children);
const place = index => (index ? element('code', { class: 'at' }, text(index)) : undefined);

/** Opens the explanation of a column's value on a cluster. */
function explain(row, column) {
  const name = rows.name[row];
  heading.textContent = column.addon ? `${column.title} on ${name}` : name;
  explained.replaceChildren(...(column.addon ? explainAddon(row, column.addon) : explainCluster(row)));
  dialog.showModal();
  dialog.scrollTop = 0;
}

function explainAddon(row, addon) {
  const cell = cellOf(addon, row);
  const found = text(cell[VERSION]);
  const isGone = cell[MARKED] === REMOVED;
  const variant = text(cell[VARIANT]) || rows.name[row];
  const facts = [
    ['State', isGone ? 'removed' : found ? 'installed' : 'not installed'],
    ['Version', found ? element('span', {}, found, ' ', place(cell[LOCATION]) ?? '') : ''],
    ['Before', text(cell[BEFORE])],
    ['Variant', found ? variant : ''],
    ['Delivery', text(addon.deliver)],
    ['Software', element('code', {}, text(addon.software))],
    ['Defined in', place(addon.location)],
  ];
  const shown = [factList(facts), ...explainChanges(cell[CHANGES])];
  const explanation = cell[EXPLANATION] ? data.explanations[cell[EXPLANATION] - 1] : undefined;
  if (explanation && !isGone) {
    shown.push(part(found ? 'Why it is here' : 'Why it is not here', levelList(explanation.selection)));
    const title = found ? 'Where its values come from' : 'Layers that would apply';
    if (explanation.levels.length > 0) shown.push(part(title, levelList(explanation.levels)));
    if (explanation.values.length > 0 || explanation.more > 0) shown.push(part('Values', valueList(explanation)));
  }
  shown.push(command(`kubectl fleet explain ${rows.name[row]}/${text(addon.name)}${found && !isGone ? ':helm.values' : ''}`));
  return shown;
}

function explainCluster(row) {
  const labels = [...labelsOf(row)].map(([key, value]) => element('li', { class: 'chip' }, `${key}=${value}`));
  const facts = [
    ['Namespace', text(rows.namespace[row])],
    ['Cell', text(rows.cell[row])],
    ['Defined in', place(rows.location[row])],
    ['Existing', rows.existing[row] ? 'yes: only its add-ons are generated' : ''],
    ['State', MARK[rows.mark[row]]],
  ];
  const installed = data.addons.filter(addon => cellOf(addon, row)[VERSION]).map(addon => element('li', {},
    element('button', { type: 'button', class: 'link' }, text(addon.name)), ` ${text(cellOf(addon, row)[VERSION])}`));
  installed.forEach(item => item.firstChild.addEventListener('click', event =>
    explain(row, columns.find(column => column.id === `addon:${event.target.textContent}`))));
  return [
    factList(facts),
    ...explainChanges(rows.changes[row]),
    labels.length > 0 ? part('Labels', element('ul', { class: 'chips' }, ...labels)) : '',
    part('Add-ons', installed.length > 0 ? element('ul', {}, ...installed) : element('p', { class: 'empty' }, 'No add-ons.')),
    command(`kubectl fleet explain ${rows.name[row]}`),
  ];
}

function factList(facts) {
  const shown = facts.filter(([, value]) => value);
  return element('dl', { class: 'list' }, ...shown.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

/** What a change does to objects, dangers first. */
function explainChanges(index) {
  if (!index) return [];
  const set = [...data.changes[index - 1]].sort((one, other) => other[2] - one[2]);
  const cards = set.map(([action, consequence, isDanger, kind, fields, causes]) => element('li', { class: isDanger ? 'card danger' : 'card' },
    element('p', {}, element('strong', {}, `${isDanger ? '⚠ ' : ''}${text(consequence)}`), `: ${text(kind)} ${text(action)}`),
    element('ul', { class: 'fields' }, ...fields.map(field => element('li', {}, element('code', {}, text(field))))),
    ...causes.map(cause => element('p', {}, element('code', { class: 'line' }, text(cause))))));
  return [part('What changes', element('ul', { class: 'cards' }, ...cards))];
}

function levelList(levels) {
  return element('ul', { class: 'levels' }, ...levels.map(([kind, name, state, resolved, note, location]) => {
    const [sign, kindOfState] = STATE[text(state)];
    return element('li', { class: kindOfState },
      element('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      element('span', {}, element('span', { class: 'kind' }, text(kind)), ' ', element('code', {}, text(name)),
        resolved ? element('code', { class: 'resolved' }, ` → ${text(resolved)}`) : '',
        state && text(state) !== 'applies' ? element('span', { class: 'quiet' }, ` ${text(state)}`) : '',
        note ? element('span', { class: 'note' }, ...prose(text(note))) : ''),
      place(location) ?? '');
  }));
}

function valueList({ values, more }) {
  const items = values.map(([path, value, levels]) => {
    const winner = levels[levels.length - 1];
    const overridden = levels.slice(0, -1).reverse();
    return element('li', {},
      element('div', {}, element('code', {}, `${text(path)}: ${text(value)}`), ' ', winner ? place(winner[2]) ?? '' : ''),
      ...overridden.map(level => element('div', { class: 'quiet' }, spoken('overrides'), element('del', {}, text(level[1])), ' ', place(level[2]) ?? '')));
  });
  const rest = more > 0 ? element('p', { class: 'quiet' }, `${count(more, 'more value')} not listed.`) : '';
  return element('div', {}, element('ul', { class: 'values' }, ...items), rest);
}

const command = line => part('In a terminal', element('pre', {}, element('code', {}, line)));

document.getElementById('close').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener('close', () => grid.focus({ preventScroll: true }));
