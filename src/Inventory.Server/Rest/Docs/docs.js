// Shows /openapi/v1.json and sends requests to this server. Text is only ever set as text: nothing of the document or of
// an answer is read as HTML.
const api = await (await fetch('/openapi/v1.json')).json();
const find = id => document.getElementById(id);

/** Who has signed in, if users do here: the cookie goes with each request, and what may change something says the token. */
const session = await fetch('/session').then(r => r.ok ? r.json() : null);

const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })));

/** An element with properties and children, strings among them as text. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(c => c !== null && c !== undefined));
  return element;
}

const badge = method => make('span', { className: `method ${method}` }, method.toUpperCase());
const paragraphs = text => (text ?? '').split('\n').filter(l => l.trim()).map(l => make('p', {}, l));
const resolve = schema => schema?.$ref
  ? { ...api.components.schemas[schema.$ref.split('/').pop()], name: schema.$ref.split('/').pop() }
  : schema ?? {};

/** What people call a schema: a message by its name, a list by what it holds. */
function typeName(schema) {
  const known = resolve(schema);
  if (known.items) return `${typeName(known.items)}[]`;
  if (known.anyOf) return known.anyOf.map(typeName).join(' or ');
  return known.name ?? known.format ?? known.type ?? 'any';
}

/** A body to begin with: the fields of a request, each with the emptiest value that shows its form. */
function example(schema, depth = 0) {
  const known = resolve(schema);
  if (known.anyOf) return example(known.anyOf[0], depth);
  if (known.enum) return known.enum[Math.min(1, known.enum.length - 1)];
  if (known.items) return depth > 3 ? [] : [example(known.items, depth + 1)];
  if (known.properties) {
    return Object.fromEntries(Object.entries(known.properties).map(([name, field]) => [name, example(field, depth + 1)]));
  }
  if (known.type === 'boolean') return false;
  if (known.type === 'integer' || known.type === 'number') return 0;
  return { int64: '1', uint64: '1', 'date-time': new Date().toISOString(), duration: '900s' }[known.format] ?? '';
}

function fields(schema, depth = 0) {
  const known = resolve(schema);
  const inner = known.items ? resolve(known.items) : known.anyOf ? resolve(known.anyOf[0]) : known;
  if (!inner.properties || depth > 4) return null;
  const rows = Object.entries(inner.properties).map(([name, field]) => {
    const nested = fields(field, depth + 1);
    return make('tr', {},
      make('td', {}, name),
      make('td', {},
        make('span', { className: 'faint' }, typeName(field)), make('br'), field.description ?? resolve(field).description ?? '',
        nested && make('details', {}, make('summary', { className: 'faint' }, typeName(field)), nested)));
  });
  return make('table', {}, ...rows);
}

function showList() {
  const wanted = find('search').value.toLowerCase();
  const groups = api.tags.map(tag => {
    const links = operations
      .filter(o => o.tags.includes(tag.name))
      .filter(o => `${o.method} ${o.path} ${o.operationId} ${o.summary}`.toLowerCase().includes(wanted))
      .map(o => {
        const link = make('a', { href: `#${o.operationId}`, title: `${o.path}\n${o.summary}` },
          badge(o.method), make('span', {}, o.path.replace('/v1/', '')));
        if (location.hash === `#${o.operationId}`) link.setAttribute('aria-current', 'page');
        return link;
      });
    return links.length ? make('div', {}, make('h2', {}, tag.name), ...links) : null;
  });
  find('list').replaceChildren(...groups.filter(g => g));
}

function showStart() {
  find('main').replaceChildren(
    make('h2', {}, api.info.title), ...paragraphs(api.info.description.replaceAll('\n\n', '\u2029').replaceAll('\n', ' ')
      .replaceAll('\u2029', '\n')),
    ...api.tags.flatMap(tag => [make('h3', {}, tag.name), ...paragraphs(tag.description)]));
}

function inputs(operation) {
  const rows = (operation.parameters ?? []).map(parameter => {
    const schema = resolve(parameter.schema);
    const input = schema.enum && !schema.items
      ? make('select', {}, make('option', {}, ''), ...schema.enum.map(v => make('option', {}, v)))
      : make('input', { placeholder: parameter.required ? 'required' : schema.items ? 'one, two, …' : '' });
    input.ariaLabel = parameter.name;
    return { parameter, schema, input, row: make('tr', {},
      make('td', {}, parameter.name, make('br'), make('span', { className: 'faint' }, parameter.in)),
      make('td', {}, make('span', { className: 'faint' }, typeName(parameter.schema)), make('br'), parameter.description ?? ''),
      make('td', {}, input)) };
  });
  return { rows, table: rows.length ? make('table', {}, ...rows.map(r => r.row)) : null };
}

/** The request that the form says. */
function request(operation, rows, body) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  const token = find('token').value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  else if (session && operation.method !== 'get') headers['X-CSRF-TOKEN'] = session.csrfToken;
  for (const { parameter, schema, input } of rows) {
    const value = input.value;
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (!value) continue;
    else if (parameter.in === 'header') headers[parameter.name] = value;
    else for (const one of schema.items ? value.split(',') : [value]) query.append(parameter.name, one.trim());
  }
  const url = query.size ? `${path}?${query}` : path;
  return { url, options: { method: operation.method.toUpperCase(), headers, body: body?.value } };
}

const quote = text => `'${text.replaceAll("'", "'\\''")}'`;

function curl({ url, options }) {
  // The secret is left to the shell: what is shown gets copied and sent around.
  const headers = Object.entries(options.headers)
    .filter(([name]) => name !== 'X-CSRF-TOKEN')
    .map(([name, value]) => name === 'Authorization' ? ' -H "Authorization: Bearer $TOKEN"' : ` -H ${quote(`${name}: ${value}`)}`)
    .join('');
  const data = options.body ? ` -d ${quote(options.body)}` : '';
  return `curl -X ${options.method}${headers}${data} ${quote(location.origin + url)}`;
}

/** Shows an answer as it comes: a stream may go on for as long as one looks. */
async function send(made, answer, stop) {
  const status = make('strong', {}, '…');
  const text = make('pre');
  answer.replaceChildren(make('h3', {}, 'Answer'), status, text);
  const begun = performance.now();
  try {
    const response = await fetch(made.url, { ...made.options, signal: stop });
    const took = Math.round(performance.now() - begun);
    const tag = response.headers.get('etag');
    status.className = response.ok ? 'good' : 'bad';
    status.textContent = `${response.status} in ${took} ms${tag ? `, ETag ${tag}` : ''}`;
    if (response.headers.get('content-type')?.startsWith('application/json')) {
      const whole = await response.text();
      text.textContent = whole ? JSON.stringify(JSON.parse(whole), null, 2) : '';
      return;
    }
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      text.textContent += part;
    }
  } catch (problem) {
    status.className = 'bad';
    status.textContent = stop.aborted ? `${status.textContent}, stopped` : String(problem);
  }
}

function showOperation(operation) {
  const { rows, table } = inputs(operation);
  const schema = operation.requestBody?.content['application/json'].schema;
  const body = schema && make('textarea', { value: JSON.stringify(example(schema), null, 2), spellcheck: false, ariaLabel: 'Body' });
  const command = make('pre');
  const answer = make('div', { ariaLive: 'polite' });
  const refresh = () => { command.textContent = curl(request(operation, rows, body)); };
  let stopping = new AbortController();
  const start = () => {
    stopping.abort();
    stopping = new AbortController();
    send(request(operation, rows, body), answer, stopping.signal);
  };
  const success = Object.values(operation.responses['200'].content)[0].schema;
  find('main').replaceChildren(
    make('h2', {}, operation.operationId.replace('_', ' / ').replace(/_\d+$/, '')),
    make('div', { className: 'path' }, badge(operation.method), operation.path),
    ...paragraphs(operation.description),
    ...(table ? [make('h3', {}, 'Parameters'), table] : []),
    ...(body ? [make('h3', {}, 'Body'), body,
      make('details', {}, make('summary', {}, `Fields of ${typeName(schema)}`), fields(schema) ?? '')] : []),
    make('h3', {}, 'Request'), command,
    make('button', { onclick: start }, 'Send'), make('button', { onclick: () => stopping.abort() }, 'Stop'),
    answer,
    make('h3', {}, 'Answers'),
    make('details', {}, make('summary', {}, `200: ${typeName(success)}`), fields(success) ?? ''),
    make('details', {}, make('summary', {}, 'Errors: google.rpc.Status'), fields(operation.responses.default.$ref
      ? api.components.responses.Error.content['application/json'].schema : {}) ?? ''));
  find('main').oninput = refresh;
  find('token').oninput = refresh;
  find('main').focus();
  refresh();
}

function show() {
  const operation = operations.find(o => `#${o.operationId}` === location.hash);
  showList();
  if (operation) showOperation(operation);
  else showStart();
}

if (session) {
  find('session').textContent = session.name;
  find('session').hidden = false;
}
find('version').textContent = api.info.version.split('+')[0];
find('search').addEventListener('input', showList);
window.addEventListener('hashchange', show);
show();
