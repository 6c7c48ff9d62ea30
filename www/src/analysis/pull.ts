import { targetSuffix, type Target } from './route';

export interface PullTool { id: string; name: string; command: string; note?: string }

interface PullInput { host: string; repository: string; target: Target; plainHttp: boolean; platform?: string; artifact?: string | undefined }

/**
 * The commands that fetch this very image, tool by tool. They end up in a shell: the platform, which comes from the address or from
 * the index, is written as one word of it.
 */
export function pullCommands({ host, repository, target, plainHttp, platform, artifact }: PullInput): PullTool[] {
  const reference = `${host}/${repository}${targetSuffix(target)}`;
  const chosen = platform ? ` --platform ${shellWord(platform)}` : '';
  const directory = repository.slice(repository.lastIndexOf('/') + 1);
  const skopeo = {
    id: 'skopeo', name: 'skopeo',
    command: `skopeo${skopeoPlatform(platform)} copy${plainHttp ? ' --src-tls-verify=false' : ''} docker://${reference} oci:${directory}`,
  };
  // What runs containers refuses to fetch anything else.
  if (artifact !== undefined) return [...artifactTool(artifact, `${host}/${repository}`, target, plainHttp), skopeo];
  return [
    {
      id: 'docker', name: 'docker', command: `docker pull${chosen} ${reference}`,
      note: plainHttp && !isLoopback(host) ? 'Docker reads a registry without TLS only if its host is among the daemon’s "insecure-registries".' : undefined,
    },
    { id: 'podman', name: 'podman', command: `podman pull${plainHttp ? ' --tls-verify=false' : ''}${chosen} ${reference}` },
    skopeo,
    { id: 'crane', name: 'crane', command: `crane pull${plainHttp ? ' --insecure' : ''}${chosen} ${reference} ${directory}.tar` },
  ];
}

/** Helm names a chart by its version; what has none is left to the tools that take any artifact. */
function artifactTool(artifact: string, name: string, target: Target, plainHttp: boolean): PullTool[] {
  const plain = plainHttp ? ' --plain-http' : '';
  if (!artifact.startsWith('application/vnd.cncf.helm.')) return [{ id: 'oras', name: 'oras', command: `oras pull${plain} ${name}${targetSuffix(target)}` }];
  // A tag cannot hold the "+" of a version: Helm writes "_" for it.
  if ('tag' in target) return [{ id: 'helm', name: 'helm', command: `helm pull${plain} oci://${name} --version ${target.tag.replaceAll('_', '+')}` }];
  return [];
}

/** Hosts that Docker takes to be local, and reads without TLS. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}

/** `host/repository@digest`: the reference that never moves. */
export function pinnedReference(host: string, repository: string, digest: string): string {
  return `${host}/${repository}@${digest}`;
}

function skopeoPlatform(platform: string | undefined): string {
  if (!platform) return '';
  const [os, architecture, variant] = platform.split('/', 3).map(shellWord);
  const arch = architecture ? ` --override-arch ${architecture}` : '';
  return ` --override-os ${os}${arch}${variant ? ` --override-variant ${variant}` : ''}`;
}

/** Exactly one word to a POSIX shell, whatever is in it. What would act on a terminal as it is pasted is left out. */
function shellWord(text: string): string {
  const word = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return /^[\w.+][\w.+/-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
