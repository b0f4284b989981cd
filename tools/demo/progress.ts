/** Where progress is shown; `process.stderr` and `process.stdout` are such. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

interface Running {
  readonly title: string;
  readonly began: number;
  note: string;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * Shows steps that may run at the same time: on a terminal a live line for each that runs, above
 * them what is done and what was said; elsewhere plain lines.
 */
export class Progress {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #running = new Set<Running>();
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen = process.stdout, now: () => number = () => performance.now()) {
    this.#screen = screen;
    this.#now = now;
  }

  /** Runs a step; its work may change the note that stands behind the title. */
  async step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
    const running: Running = { title, began: this.#now(), note: "" };
    this.#running.add(running);
    if (this.#screen.isTTY) this.#startDrawing();
    else this.#screen.write(`… ${title}\n`);
    const note = (text: string): void => {
      running.note = text;
    };
    try {
      const result = await work(note);
      this.#end(running, "✓");
      return result;
    } catch (error) {
      this.#end(running, "✗");
      throw error;
    }
  }

  /** Writes a line above what is running. */
  line(text: string): void {
    this.#erase();
    this.#screen.write(`${text}\n`);
    this.#draw();
  }

  #end(running: Running, mark: string): void {
    this.#running.delete(running);
    this.line(`${mark} ${running.title} (${seconds(this.#now() - running.began)})`);
    if (this.#running.size === 0) clearInterval(this.#timer);
  }

  #startDrawing(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#erase();
      this.#draw();
    }, 100);
    this.#timer.unref();
  }

  #erase(): void {
    if (this.#drawn > 0) this.#screen.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    if (!this.#screen.isTTY) return;
    const frame = FRAMES[Math.floor(this.#now() / 100) % FRAMES.length];
    for (const { title, began, note } of this.#running) {
      const text = `${frame} ${title} ${seconds(this.#now() - began)}${note && `  ${note}`}`;
      // A line that wraps would not be erased whole.
      this.#screen.write(`${text.slice(0, 79)}\n`);
    }
    this.#drawn = this.#running.size;
  }
}
