// Signs in and out, and sets passwords. Text is only ever set as text: nothing of an answer is read as HTML.
const find = id => document.getElementById(id);
let session = null;

async function send(method, path, body) {
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  if (session) headers['X-CSRF-TOKEN'] = session.csrfToken;
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) throw Object.assign(new Error(answer?.message ?? `${response.status}`), { status: response.status });
  return answer;
}

function show(next, changing = next?.mustChangePassword) {
  session = next;
  find('sign-in').hidden = session !== null;
  find('change').hidden = !session || !changing;
  find('signed-in').hidden = !session || changing;
  find('who').textContent = session?.name ?? '';
  find('roles').textContent = session ? `(${session.roles.join(', ')})` : '';
  find('problem').textContent = '';
  for (const input of document.querySelectorAll('input[type=password]')) input.value = '';
}

/** Runs what a button starts, once at a time, and tells what went wrong. */
async function run(button, action) {
  button.disabled = true;
  find('problem').textContent = '';
  try {
    await action();
  } catch (problem) {
    find('problem').textContent = problem.message;
  } finally {
    button.disabled = false;
  }
}

find('sign-in').addEventListener('submit', event => {
  event.preventDefault();
  run(event.submitter, async () =>
    show(await send('POST', '/session', { name: find('name').value.trim(), password: find('password').value })));
});

find('change').addEventListener('submit', event => {
  event.preventDefault();
  run(event.submitter, async () => {
    if (find('new').value !== find('again').value) throw new Error('The new passwords differ.');
    show(await send('POST', '/session/password', { current: find('current').value, new: find('new').value }));
  });
});

find('change-too').addEventListener('click', () => show(session, true));

find('sign-out').addEventListener('click', event => run(event.currentTarget, async () => {
  await send('DELETE', '/session');
  show(null);
}));

try {
  show(await send('GET', '/session'));
} catch (problem) {
  show(null);
  if (problem.status !== 401) find('problem').textContent = problem.message;
}
