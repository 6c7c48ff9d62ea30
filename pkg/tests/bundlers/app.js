// What a user of the package writes: nothing here knows of a bundler.
import { init, parseReference, PortolanError, Registry } from 'portolan';

try {
  await init();
  const { repository } = parseReference('alpine');
  const { apiVersion } = await new Registry(location.origin).ping();
  const refused = await new Registry(location.origin).head('team/app', 'no such tag').catch((error) => error);
  globalThis.outcome = { repository, apiVersion, refused: refused instanceof PortolanError ? refused.kind : String(refused) };
} catch (error) {
  globalThis.outcome = { failed: `${error} ${error.cause ?? ''}` };
}
