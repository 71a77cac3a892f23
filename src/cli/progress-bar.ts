import type { CliContext } from './context.ts';

export interface ProgressBar {
  readonly show: (what: string, share: number) => void;
  readonly clear: () => void;
}

const WIDTH = 24;

/** A bar on the terminal's last line, drawn anew only where it looks otherwise. */
export function progressBar(context: CliContext): ProgressBar {
  let shown = '';
  return {
    show: (what, share) => {
      if (!context.showsProgress) return;
      const full = Math.round(share * WIDTH);
      const line = `${what.padEnd(9)} [${'='.repeat(full)}${' '.repeat(WIDTH - full)}]`;
      if (line !== shown) context.err(`\r${line}`);
      shown = line;
    },
    clear: () => {
      if (shown !== '') context.err('\r\x1b[K');
      shown = '';
    },
  };
}
