import { chromium } from "@playwright/test";

const [, , base, out, ...paths] = process.argv;
const b = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
for (const scheme of ["light", "dark"])
  for (const w of [1440, 390]) {
    const p = await b.newPage({ viewport: { width: w, height: w === 390 ? 844 : 900 }, colorScheme: scheme });
    p.on("console", (m) => {
      if (m.type() === "error" || m.type() === "warning") console.log(w, scheme, m.text().slice(0, 300));
    });
    p.on("pageerror", (e) => console.log("ERR", e.message.slice(0, 300)));
    for (const path of paths) {
      await p.goto(base + path);
      await p.waitForTimeout(900);
      await p.screenshot({ path: `${out}/${path.replace(/[^a-z0-9]+/gi, "_")}-${w}-${scheme}.png` });
    }
    await p.close();
  }
await b.close();
