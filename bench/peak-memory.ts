// Loaded before the command that is measured: says at its end how much memory it ever held (the kernel's own count).
process.on('exit', () => {
  process.stderr.write(`peak-kilobytes ${process.resourceUsage().maxRSS}\n`);
});
