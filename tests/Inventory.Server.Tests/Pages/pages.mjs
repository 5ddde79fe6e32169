// What a person does on our pages, in the browser of this machine: signs in with a password that was told once, sets
// another, tries the API on /docs, signs out. Says what was seen as JSON; the test judges it.
import { chromium } from 'playwright-core';

const [server, browserPath, name, told, sku] = process.argv.slice(2);
const chosen = 'nine black kettles';
const script = '<img src=x onerror=alert(1)>';
const seen = { consoleErrors: [], violations: [], dialogs: [] };

const browser = await chromium.launch({ executablePath: browserPath, args: ['--disable-dev-shm-usage'] });
try {
  const context = await browser.newContext({ baseURL: server });
  await context.exposeFunction('tellViolation', what => seen.violations.push(what));
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', violation =>
    window.tellViolation(`${violation.violatedDirective} ${violation.blockedURI}`)));
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', error => seen.consoleErrors.push(String(error)));
  page.on('dialog', async dialog => {
    seen.dialogs.push(dialog.message());
    await dialog.dismiss();
  });
  page.on('console', message => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser says of each 401 that it was one: of who is not signed in, and of the wrong password.
    const isStranger = message.location().url === `${server}/session` && message.text().includes(' 401 ');
    if (!isStranger) seen.consoleErrors.push(`${message.text()} ${message.location().url}`);
  });

  const signIn = async password => {
    await page.fill('#name', name);
    await page.fill('#password', password);
    await page.click('#sign-in button');
  };
  /** Finds an operation as a person does, fills in what is given, and sends. */
  const send = async (operation, fields, body) => {
    await page.fill('#search', operation);
    await page.click(`#list a[href="#${operation}"]`);
    await page.locator('main h2').filter({ hasText: operation.replace('_', ' / ') }).waitFor();
    for (const [field, value] of Object.entries(fields)) await page.fill(`main input[aria-label="${field}"]`, value);
    if (body) await page.fill('main textarea', JSON.stringify(body));
    await page.click('main button:text-is("Send")');
    const status = page.locator('main div[aria-live] strong');
    await status.filter({ hasText: /[0-9]/ }).waitFor();
    const answer = page.locator('main div[aria-live] pre').filter({ hasText: /\S/ });
    return { status: parseInt(await status.textContent(), 10), text: await answer.textContent() };
  };

  await page.goto('/sign-in');
  await page.waitForSelector('#sign-in:not([hidden])');
  await signIn('not the password at all');
  // What waits for a function is code from a string, which the page's policy forbids.
  await page.locator('#problem').filter({ hasText: /./ }).waitFor();
  seen.refusal = await page.textContent('#problem');
  await signIn(told);
  await page.waitForSelector('#change:not([hidden])');
  seen.mustChange = await page.isHidden('#signed-in');
  await page.fill('#current', told);
  await page.fill('#new', chosen);
  await page.fill('#again', chosen);
  await page.click('#change button');
  await page.waitForSelector('#signed-in:not([hidden])');
  seen.who = await page.textContent('#who');
  await page.click('#sign-out');
  await page.waitForSelector('#sign-in:not([hidden])');
  await signIn(chosen);
  await page.waitForSelector('#signed-in:not([hidden])');

  await page.click('#signed-in a');
  await page.waitForSelector('#session:not([hidden])');
  seen.session = await page.textContent('#session');
  seen.made = await send('CatalogService_CreateInventoryItem', {}, { requestId: sku, sku, name: script });
  seen.read = await send('CatalogService_GetInventoryItem', { item: sku });
  seen.images = await page.locator('img').count();
  seen.curl = await page.locator('main pre').first().textContent();

  await page.click('#session');
  await page.waitForSelector('#signed-in:not([hidden])');
  await page.click('#sign-out');
  await page.waitForSelector('#sign-in:not([hidden])');
  seen.cookies = (await context.cookies()).map(cookie => cookie.name);
  await page.goto('/docs');
  await page.waitForSelector('#list a');
  seen.signedOut = await page.isHidden('#session');
} finally {
  await browser.close();
}

console.log(JSON.stringify(seen));
