// Drives the operator's page in a browser and prints what it found as one line of JSON.
//
// node page.mjs CHROMIUM PLAYWRIGHT URL TOKEN; lines on standard input are waited for, so that
// whoever started this can change something while the page is open.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [chromium, playwright, url, token] = process.argv.slice(2);
const { chromium: browsers } = createRequire(import.meta.url)(playwright);
const PATIENCE_MS = 20_000;
/** The panel that is shown; the others stay where they are. */
const shown = "#panel > :not([hidden])";

const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

const browser = await browsers.launch({
  executablePath: chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
context.setDefaultTimeout(PATIENCE_MS);
const page = await context.newPage();
const errors = [];
page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
page.on("pageerror", (error) => errors.push(String(error)));
const foreign = [];
page.on("request", (request) => {
  if (!request.url().startsWith(`${url}/`) && !request.url().startsWith("blob:")) {
    foreign.push(request.url());
  }
});
const text = (selector) => page.locator(selector).innerText();
const at = async (hash) => {
  await page.evaluate((hash) => { location.hash = hash; }, hash);
};

try {
  // Without a token it asks for one; the browser itself tells the console of the 401.
  await page.goto(`${url}/`);
  await page.locator("#login").waitFor();
  say({ asks: await page.locator("#login h2").innerText() });
  await page.fill("#token", "wrong");
  await page.click("#login button");
  await page.locator("#login-trouble:not(:empty)").waitFor();
  say({ refuses: await text("#login-trouble") });
  errors.splice(0, errors.length, ...errors.filter((error) => !error.includes("401")));
  await page.goto(`${url}/#token=${token}`);
  await page.reload();
  await page.locator(".node.in-sync").first().waitFor();
  say({ address: page.url().includes(token) });

  await page.waitForFunction(() => document.querySelectorAll(".node.in-sync").length === 17);
  say({
    nodes: await page.locator("#map .node").count(),
    links: await page.locator("#map .links > g").count(),
    zones: await page.locator(".legend .ground").count(),
    rows: await page.locator(`${shown} tbody tr`).count(),
  });

  await at("#/devices/BER-CORE-1/target");
  await page.locator(`${shown} pre`).waitFor();
  say({ target: await text(`${shown} pre`) });
  await at("#/devices/BER-CORE-1/running");
  await page.locator(`${shown} [aria-label^='Running configuration']`).waitFor();
  say({ running: await text(`${shown} pre`) });

  // An edit is made elsewhere while the page is open.
  await at("#/commits");
  await page.locator(`${shown} tbody tr`).first().waitFor();
  say({ ready: "for an edit" });
  const { value: comment } = await told.next();
  const row = page.locator(`${shown} tbody tr`, { hasText: comment });
  await row.waitFor();
  await row.locator("a").click();
  await page.locator(`${shown} .diff`).first().waitFor();
  say({
    diff: (await page.locator(`${shown} .diff`).allInnerTexts()).join("\n"),
    title: await text(`${shown} .head h2`),
  });
  await page.locator("#map .node.marked").first().waitFor();
  say({
    marked: await page.locator("#map .node.marked").count(),
    "links after": await page.locator("#map .links > g").count(),
  });

  await at("#/services");
  await page.locator(`${shown} tbody tr`).first().waitFor();
  say({ services: await page.locator(`${shown} tbody tr`).allInnerTexts() });
  say({ injected: await page.evaluate(() => "injected" in window) });

  const narrow = { width: 390, height: 844 };
  await page.setViewportSize(narrow);
  await at("#/devices/BER-CORE-1/diff");
  await page.locator(`${shown} .tabs`).waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  say({ overflows: width > narrow.width });

  // Every control has a name, for who hears the page.
  say({
    nameless: await page.evaluate(() => [...document.querySelectorAll(
      "button, a, input, select, [role=button]")].filter((one) => !(one.innerText?.trim()
        || one.getAttribute("aria-label") || one.title || one.labels?.length)).length),
  });
  say({ ready: "for the end" });
  await told.next();
  await page.locator("#trouble:not([hidden])").waitFor();
  say({ trouble: await text("#trouble") });
  // The browser itself tells the console that nobody answers.
  say({ errors: errors.filter((error) => !error.includes("ERR_")), foreign });
} finally {
  await browser.close();
}
process.exit(0);
