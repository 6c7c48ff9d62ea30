/**
 * The views over files and over registries in Azure as custom elements, for pages that embed them. Each takes what it shows as properties and says by events
 * what was chosen; none of them reads the address or knows where its data came from. See "Elements" in the README.
 */
export { Files } from './views/files';
export { Treemap } from './views/treemap';
export { WasteView } from './views/waste';
export { Compare, type Side } from './views/compare';
export { ALL_DIFFERENCES, ALL_FILES, type CompareQuery, type FilesQuery } from './analysis/files-query';
export { layerNames, type LayerName } from './analysis/layer-names';
export { Replicas } from './views/replicas';
export { Spread } from './views/spread';
export { UsagesView } from './views/usages';
export { Attributes } from './views/attributes';
export { Untagged } from './views/untagged';
export { azureSource, type AzureSource } from './data/azure';
export type * from './analysis/azure';
