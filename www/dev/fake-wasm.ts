/** There is no module behind the fake. */
export default '/fake.wasm';
