import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BINARY = process.env.E2E_BINARY ?? "../target/release/assay";

/** A server of a test's own, which it may kill. */
export class Server {
  readonly port = Number(process.env.E2E_PORT ?? "3217") + 7;
  readonly address = `http://127.0.0.1:${this.port}`;
  private readonly folder = mkdtempSync(join(tmpdir(), "assay-e2e-"));
  private process: ChildProcess | undefined;
  private said = "";

  private get environment(): NodeJS.ProcessEnv {
    const database = `sqlite://${join(this.folder, "assay.db")}`;
    return {
      ...process.env,
      ASSAY_LISTEN: `127.0.0.1:${this.port}`,
      ASSAY_DATABASE_URL: database,
      ASSAY_LOG: "error",
      ASSAY_ALLOW_PRIVATE_REMOTES: "true",
    };
  }

  /** Runs a command on the same database. */
  command(given: string[], input = ""): void {
    const done = spawnSync(BINARY, given, { env: this.environment, input, encoding: "utf8" });
    if (done.status !== 0) {
      throw new Error(`assay ${given.join(" ")} ended with ${done.status}: ${done.stderr}`);
    }
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const started = spawn(BINARY, ["serve"], { env: this.environment, stdio: ["ignore", "pipe", "ignore"] });
    started.stdout.on("data", (bytes: Buffer) => (this.said += bytes.toString()));
    this.process = started;
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(`${this.address}/readyz`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error("the server was not ready within five seconds");
  }

  /** Where the first owner comes in, as printed at the start. */
  get setUp(): string {
    return /http\S+\/setup\/\S+/.exec(this.said)![0];
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const { process } = this;
    if (process === undefined || process.exitCode !== null) {
      return;
    }
    const gone = new Promise((next) => process.once("exit", next));
    process.kill("SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A sandbox of a test's own. Its first line says how it is reached. */
export class Sandbox<Connection> {
  private process: ChildProcess | undefined;
  connection!: Connection;

  constructor(
    private readonly kind: "lever" | "vendors",
    readonly port: number,
  ) {}

  async start(): Promise<void> {
    const given = ["sandbox", this.kind, "--listen", `127.0.0.1:${this.port}`];
    const started = spawn(BINARY, given, { stdio: ["ignore", "pipe", "ignore"] });
    this.process = started;
    const line = await new Promise<string>((next) => {
      let said = "";
      started.stdout.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes("\n")) {
          next(said.split("\n")[0]!);
        }
      });
    });
    this.connection = JSON.parse(line) as Connection;
  }

  stop(): void {
    this.process?.kill("SIGKILL");
  }
}
