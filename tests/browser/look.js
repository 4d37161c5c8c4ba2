// Looks at pages in a headless browser: pictures light and dark, a print, and what axe finds.
//
//     node look.js CHROMIUM OUT PAGE.html...
//
// run where `puppeteer-core` and `axe-core` are installed (`npm install puppeteer-core axe-core`). Prints a line for each
// serious or critical finding, each request to anywhere else, and each message of the page; exits with 1 when there is any.
"use strict";
const path = require("path");
const { pathToFileURL } = require("url");
const here = require("module").createRequire(path.join(process.cwd(), "here.js"));
const puppeteer = here("puppeteer-core");
const axe = here.resolve("axe-core/axe.min.js");

async function look(browser, file, out) {
  const name = path.basename(file, ".html");
  const page = await browser.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`${name}: the page says ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`${name}: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) { wrong.push(`${name}: asks for ${request.url()}`); }
  });
  await page.setBypassCSP(true);
  await page.setViewport({ width: 1100, height: 900 });
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(pathToFileURL(path.resolve(file)).href);
    await page.screenshot({ path: path.join(out, `${name}_${scheme}.png`), fullPage: true });
    await page.addScriptTag({ path: axe });
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const one of found.violations) {
      const line = `${name} ${scheme}: ${one.impact} ${one.id}: ${one.help} (${one.nodes.length}: ${one.nodes[0].html.slice(0, 120)})`;
      if (one.impact === "serious" || one.impact === "critical") { wrong.push(line); } else { console.log(line); }
    }
  }
  // The keyboard: the first picture says its first point.
  const said = await page.evaluate(() => {
    const plot = document.querySelector(".plot");
    if (!plot) { return "none"; }
    plot.focus();
    plot.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" }));
    return plot.parentNode.querySelector(".readout").textContent;
  });
  if (!said) { wrong.push(`${name}: the keyboard reads nothing of the first picture`); }
  await page.setViewport({ width: 400, height: 800 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await page.goto(pathToFileURL(path.resolve(file)).href);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) { wrong.push(`${name}: on a narrow screen the page is ${wide} pixels too wide`); }
  await page.screenshot({ path: path.join(out, `${name}_narrow.png`) });
  await page.pdf({ path: path.join(out, `${name}.pdf`), preferCSSPageSize: true, printBackground: true });
  await page.close();
  return wrong;
}

(async () => {
  const [chromium, out, ...files] = process.argv.slice(2);
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
  let wrong = [];
  try {
    for (const file of files) { wrong = wrong.concat(await look(browser, file, out)); }
  } finally {
    await browser.close();
  }
  wrong.forEach((line) => console.log(line));
  console.log(`${files.length} pages, ${wrong.length} wrong`);
  process.exitCode = wrong.length ? 1 : 0;
})();
