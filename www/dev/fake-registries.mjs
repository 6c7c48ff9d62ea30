const relay = { mode: 'relay', plainHttp: false };

/** What `GET /api/registries` answers in the mode `fake`. */
export const FAKE_REGISTRIES = [
  { id: 'demo', name: 'Harbour', address: 'https://demo.example', pullHost: 'demo.example', signedInAs: 'quartermaster', ...relay },
  { id: 'deep', name: 'Deep water', address: 'http://localhost:5000', pullHost: 'localhost:5000', ...relay, plainHttp: true },
  { id: 'shore', name: 'Shore', address: 'https://shore.example/shore', pullHost: 'shore.example', mode: 'direct', plainHttp: false },
  { id: 'empty', name: 'New dock', address: 'https://new.example', pullHost: 'new.example', ...relay },
  { id: 'denied', name: 'Vault', address: 'https://vault.example', pullHost: 'vault.example', ...relay },
  { id: 'down', name: 'Lost at sea', address: 'https://registry.harbour.example:5000', pullHost: 'registry.harbour.example:5000', ...relay },
  { id: 'blocked', name: 'Open', address: 'https://open.example/blocked', pullHost: 'open.example', mode: 'direct', plainHttp: false },
  { id: 'busy', name: 'Busy port', address: 'https://busy.example', pullHost: 'busy.example', ...relay },
  { id: 'azure', name: 'Sea lanes', address: 'https://harbour.azurecr.example', pullHost: 'harbour.azurecr.example', signedInAs: 'quartermaster', ...relay, azure: { management: true, watch: 'lab/beacon' } },
];

/** Registries in Azure in trouble: apart, since browsers log each refusal. */
export const TROUBLED_REGISTRIES = [
  { id: 'azure-trouble', name: 'Seven seas', address: 'https://seas.azurecr.example', pullHost: 'seas.azurecr.example', ...relay, azure: { management: true } },
  { id: 'azure-denied', name: 'Closed waters', address: 'https://closed.azurecr.example', pullHost: 'closed.azurecr.example', ...relay, azure: { management: true } },
  { id: 'azure-alone', name: 'One quay', address: 'https://quay.azurecr.example', pullHost: 'quay.azurecr.example', ...relay, azure: { management: true } },
  { id: 'azure-data', name: 'No manager', address: 'https://nomanager.azurecr.example', pullHost: 'nomanager.azurecr.example', ...relay, azure: { management: false } },
];
