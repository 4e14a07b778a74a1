import { readdirSync, readFileSync } from "node:fs";

import { test } from "../fixtures";
import { Frame } from "../pages/frame";
import { lever } from "../pages/sandbox";
import { prepare, stops, visit } from "../pages/tour";

// Not a test: pictures of every page for people to look at, in test-results/screens.

test("pictures of every page", async ({ page, trouble }) => {
  test.setTimeout(180_000);
  trouble.allow(/404|status of 403/);
  // The sheets as they are now, so that a change shows without a build.
  const sheets = readdirSync("../style").filter((name) => /^\d/.test(name)).sort();
  const body = sheets.map((name) => readFileSync(`../style/${name}`, "utf8")).join("\n");
  await page.route("**/pkg/*.css", (route) => route.fulfill({ contentType: "text/css", body }));
  const cast = await prepare(page);
  // SCREENS=1 makes all of them; SCREENS=people|audit those whose name matches.
  const wanted = new RegExp(process.env.SCREENS === "1" ? "" : process.env.SCREENS!);
  const all = await lever.all();
  const odd = [
    { name: "candidate-long", person: all.find((o) => o.name.startsWith("Maximiliana"))! },
    { name: "candidate-rtl", person: all.find((o) => o.name.startsWith("نور"))! },
    { name: "candidate-markup", person: all.find((o) => o.name.startsWith("<script"))! },
  ].map(({ name, person }) => ({
    name,
    person: "rita" as const,
    address: `/o/acme/candidates/${person.id}`,
    shows: "Timeline",
  }));
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 1000 });
      for (const stop of [...stops(cast), ...odd].filter(({ name }) => wanted.test(name))) {
        await visit(page, stop);
        await page.screenshot({
          path: `test-results/screens/${stop.name}-${colorScheme}-${width}.png`,
          fullPage: true,
        });
      }
      await page.goto("/o/acme/candidates");
      await new Frame(page).openMenu();
      await page.keyboard.press("Tab");
      await page.screenshot({ path: `test-results/screens/menu-${colorScheme}-${width}.png` });
    }
  }
});
