import { HtmlValidate } from "html-validate";

import { expect, test } from "../fixtures";
import { prepare, stops, visit } from "../pages/tour";

const rules = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // How the server writes is its own affair as long as it is HTML.
    "doctype-style": "off",
    "void-style": "off",
    "attr-quotes": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "no-trailing-whitespace": "off",
    "long-title": "off",
  },
});

/** Leptos marks the places of texts with `<!>`, which parsers read as an empty comment and this one not at all. */
const unmarked = (source: string) => source.replaceAll("<!>", "");

test("every page is valid HTML, as the server sends it", async ({ page, trouble }) => {
  test.slow();
  trouble.allow(/404|40[13]/);
  const found: string[] = [];
  for (const stop of stops(await prepare(page))) {
    await visit(page, stop);
    const source = await (await page.request.get(stop.address)).text();
    expect(/<title>([^<]*)</.exec(source)?.[1], `title of ${stop.name}`).toMatch(/Assay$/);
    const report = await rules.validateString(unmarked(source));
    found.push(...report.results.flatMap((r) => r.messages.map((m) => `${stop.name}: ${m.ruleId}: ${m.message} (${m.selector ?? m.line})`)));
  }
  expect([...new Set(found)], "errors of html-validate").toEqual([]);
});

test("the gallery is valid HTML", async ({ page }) => {
  const report = await rules.validateString(unmarked(await (await page.request.get("/dev/gallery")).text()));
  const found = report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message} (${m.selector ?? m.line})`));
  expect([...new Set(found)]).toEqual([]);
});
