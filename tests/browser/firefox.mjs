// Drives Firefox by WebDriver BiDi: signs in, uploads a file, waits until it is stored.
//
//   node firefox.mjs EXECUTABLE URL FILE   prints what the page then says, as JSON

import puppeteer from "puppeteer-core";

const [executablePath, url, file] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(url);
  await page.locator("button.main").click(); // Sign in
  await page.locator('input[value="ana"] ~ button').click();
  await page.waitForSelector(".chooser button.main:not([disabled])");
  const [chooser] = await Promise.all([
    page.waitForFileChooser(),
    page.locator(".chooser button.main").click(),
  ]);
  await chooser.accept([file]);
  await page.locator(".tray button.main").click();
  await page.waitForSelector(".transfer .chip.complete");
  await page.locator(".transfer h3 a").click();
  await page.waitForSelector("th .badge");
  console.log(JSON.stringify(await page.$eval("tbody th", (cell) => cell.textContent)));
} finally {
  await browser.close();
}
