// Draws the PNG and ICO icons and the social picture of public/ from its icon.svg: node scripts/icons.js
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";

const folder = path.join(path.dirname(import.meta.dirname), "public");
const mark = readFileSync(path.join(folder, "icon.svg"), "utf8").trim();
/** Platforms round or mask these themselves, so the ground fills the square. */
const square = mark.replace('rx="7"', "");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
const page = await browser.newPage();

/** A picture of a body of HTML, in pixels; transparent where nothing is drawn. */
async function draw(width, height, body) {
  await page.setViewportSize({ width, height });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100%;height:100%}</style>${body}`);
  return page.screenshot({ omitBackground: true });
}

/** An ICO file with one PNG of 32 pixels. */
function ico(png) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(32, 6);
  head.writeUInt8(32, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

const COLORS = { "#": "#389f7e", o: "#e66003", x: "#c71f2d", "~": "#ebb432", "/": "#8893a5" };
const ROWS = ["##########", "##########", "o#####~~//", "##########", "####x#~~~~", "##########", "##########"];
const cells = ROWS.flatMap((row, y) =>
  [...row].map((one, x) => {
    const place = `x="${x * 46}" y="${y * 46}" width="38" height="38" rx="7"`;
    return one === "o"
      ? `<rect ${place.replaceAll("38", "34")} fill="none" stroke="${COLORS.o}" stroke-width="4" transform="translate(2 2)"/>`
      : `<rect ${place} fill="${COLORS[one]}"/>`;
  }),
).join("");
const social = `<body style="width:1200px;height:630px;background:#f9fafb;color:#1b1e25;font-family:Inter,'Liberation Sans',sans-serif;position:relative">
<div style="position:absolute;left:80px;top:150px;width:88px;height:88px">${mark}</div>
<div style="position:absolute;left:190px;top:152px;font-size:76px;line-height:84px;font-weight:700;letter-spacing:-2px">Fullcourt</div>
<div style="position:absolute;left:80px;top:290px;width:520px;font-size:38px;line-height:52px;color:#4d515a">See which dates are incomplete, find out why, and backfill exactly those.</div>
<div style="position:absolute;left:670px;top:154px;width:452px;height:314px"><svg viewBox="0 0 452 314" xmlns="http://www.w3.org/2000/svg">${cells}</svg></div></body>`;

const files = {
  "icon-192.png": await draw(192, 192, mark),
  "icon-512.png": await draw(512, 512, square),
  "apple-touch-icon.png": await draw(180, 180, square),
  "favicon.ico": ico(await draw(32, 32, mark)),
  "social.png": await draw(1200, 630, social),
};
await browser.close();
for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
