/* tslint:disable */
/* eslint-disable */
/**
 * Puts the second half of a module to the first, of which these are the exports.
 *
 * @param {object} first
 * @param {string | URL | BufferSource | WebAssembly.Module} [source] - By itself it is looked for beside this file.
 *
 * @returns {Promise<void>}
 */
export default async function join(first, source = new URL('NAME_bg.wasm', import.meta.url)) {
    const code = typeof source === 'string' || source instanceof URL ? await fetched(source) : source;
    await WebAssembly.instantiate(code, { first });
}

async function fetched(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.arrayBuffer();
}
