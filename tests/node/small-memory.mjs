// A module that may have only so much memory: where it wants more, it traps as it would in a tab that has no more.

/** The module with at most `pages` of 64 KiB. */
export function withMemory(module, pages) {
  const { at, size, end, minimum } = memorySection(module);
  if (pages < minimum) throw new Error(`it begins with ${minimum} pages`);
  const limits = Buffer.from([1, 1, ...leb(minimum), ...leb(pages)]);
  return Buffer.concat([module.subarray(0, at), leb(limits.length), limits, module.subarray(end)]).subarray(0);
}

/** Where the size of the memory section is, where the section ends, and how many pages the module begins with. */
function memorySection(module) {
  for (let at = 8; at < module.length;) {
    const [size, begin] = readLeb(module, at + 1);
    if (module[at] === 5) {
      const [minimum] = readLeb(module, begin + 2);
      return { at: at + 1, size, end: begin + size, minimum };
    }
    at = begin + size;
  }
  throw new Error('it has no memory');
}

function leb(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push(number % 128 | 128);
  return Buffer.from([...bytes, number]);
}

/** A number, and where it ends. */
function readLeb(bytes, at) {
  let [number, factor] = [0, 1];
  for (;; at += 1, factor *= 128) {
    number += bytes[at] % 128 * factor;
    if (bytes[at] < 128) return [number, at + 1];
  }
}
