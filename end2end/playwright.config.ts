import { defineConfig, devices } from "@playwright/test";

// `cargo xtask test` sets these; the defaults let `npx playwright test` run by hand after `cargo xtask build`.
const port = process.env.E2E_PORT ?? "3217";
const binary = process.env.E2E_BINARY ?? "../target/release/assay";
const report = process.env.E2E_REPORT ?? "test-results/report.json";
const address = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: "tests",
  // Pictures are made on request: SCREENS=1.
  testIgnore: process.env.SCREENS ? [] : ["**/screens.spec.ts"],
  outputDir: "test-results",
  snapshotPathTemplate: "{testDir}/../snapshots/{testFileName}/{arg}-{platform}{ext}",
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only the second time is a bug in the product or in the test.
  retries: 0,
  // One demo server with one database serves all tests.
  workers: 1,
  timeout: 30_000,
  expect: { timeout: 5_000, toHaveScreenshot: { maxDiffPixelRatio: 0.005 } },
  reporter: [["list"], ["json", { outputFile: report }]],
  use: {
    baseURL: address,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "chromium",
      use: {
        ...devices["Desktop Chrome"],
        launchOptions: {
          executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
          args: [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      },
    },
  ],
  webServer: {
    command: `"${binary}" demo`,
    env: { ASSAY_LISTEN: `127.0.0.1:${port}` },
    url: `${address}/readyz`,
    // A server that is already there may be another build.
    reuseExistingServer: false,
    timeout: 60_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    stdout: "ignore",
    stderr: "pipe",
  },
});
