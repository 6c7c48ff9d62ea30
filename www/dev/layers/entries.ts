/** What is in the layers of the made-up images: believable, and always the same for the same layer. */
import type { FileType } from '../../../pkg/src/layers/types';
import { number } from '../fake-data';

export interface FakeEntry {
  path: string;
  type: FileType;
  size: number;
  mode: number;
  uid: number;
  gid: number;
  modified: number;
  link?: string;
  flags?: string[];
  /** Takes the path away, or all that lower layers have in the directory. */
  whiteout?: 'path' | 'opaque';
  /** Changes with the content. */
  version: number;
}

const KIB = 1024;
const DAY = Date.UTC(2026, 8, 1) / 1000;
const PACKAGES = ['acl', 'adduser', 'apt', 'base-files', 'bash', 'bsdutils', 'ca-certificates', 'coreutils', 'curl', 'dash', 'debconf', 'diffutils', 'dpkg',
  'findutils', 'gpgv', 'grep', 'gzip', 'hostname', 'libacl1', 'libapt-pkg6', 'libattr1', 'libaudit1', 'libblkid1', 'libbz2', 'libc-bin', 'libc6', 'libcap2',
  'libcom-err2', 'libcrypt1', 'libcurl4', 'libdb5', 'libffi8', 'libgcc-s1', 'libgcrypt20', 'libgmp10', 'libgnutls30', 'libhogweed6', 'libidn2', 'libkrb5',
  'liblz4', 'liblzma5', 'libmount1', 'libncurses6', 'libnettle8', 'libpam0g', 'libpcre2', 'libpq5', 'libreadline8', 'libseccomp2', 'libselinux1', 'libsqlite3',
  'libssl3', 'libstdc++6', 'libsystemd0', 'libtinfo6', 'libudev1', 'libunistring2', 'libuuid1', 'libxxhash0', 'libzstd1', 'login', 'mawk', 'mount', 'ncurses-bin',
  'netbase', 'openssl', 'passwd', 'perl-base', 'sed', 'sysvinit-utils', 'tar', 'tzdata', 'util-linux', 'zlib1g'];
const MODULES = ['asgiref', 'boto3', 'botocore', 'certifi', 'cffi', 'charset_normalizer', 'click', 'cryptography', 'django', 'gunicorn', 'idna', 'jinja2', 'numpy',
  'pandas', 'pillow', 'pip', 'psycopg2', 'pydantic', 'pytz', 'redis', 'requests', 'scipy', 'setuptools', 'sqlparse', 'urllib3', 'uvloop', 'yaml'];

export class Layer {
  readonly entries: FakeEntry[] = [];
  private readonly named = new Set<string>();

  constructor(private readonly seed: string, private readonly owner = 0) {}

  file(path: string, size: number, more: Partial<FakeEntry> = {}): void {
    this.directories(path);
    const exact = Math.round(size * (0.75 + (number(path) % 500) / 1000));
    this.entries.push({
      path, type: 'file', size: exact, mode: 0o644, uid: this.owner, gid: this.owner, modified: DAY - (number(path) % 4e7), version: 0, ...more,
    });
  }

  /** As `file`, but now and then of another size, or not there, depending on the layer. */
  varied(path: string, size: number): void {
    const chance = number(`${this.seed}/${path}`) % 60;
    if (chance === 0) return;
    const changed = chance < 4;
    this.file(path, changed ? size * (0.6 + chance / 4) : size, { version: changed ? chance : 0 });
  }

  link(path: string, link: string, more: Partial<FakeEntry> = {}): void {
    this.file(path, 0, { type: 'symlink', link, mode: 0o777, size: 0, ...more });
  }

  gone(path: string, whiteout: 'path' | 'opaque' = 'path'): void {
    this.entries.push({ path, type: 'file', size: 0, mode: 0, uid: 0, gid: 0, modified: DAY, whiteout, version: 0 });
  }

  directory(path: string, more: Partial<FakeEntry> = {}): void {
    this.named.add(path);
    this.entries.push({ path, type: 'directory', size: 0, mode: 0o755, uid: this.owner, gid: this.owner, modified: DAY, version: 0, ...more });
  }

  private directories(path: string): void {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_part, at) => {
      const name = parts.slice(0, at + 1).join('/');
      if (!this.named.has(name)) this.directory(name);
    });
  }
}

/** By place, as the steps of `fake-data.ts` are. */
const MAKERS: readonly ((layer: Layer) => void)[] = [debian, apt, python, (layer) => layer.directory('srv/app', { uid: 1000, gid: 1000 }), requirements, pip, source, model, compile];

export function entriesOf(place: number, seed: string): FakeEntry[] {
  const layer = new Layer(seed, place === 6 ? 1000 : 0);
  MAKERS[place % MAKERS.length]?.(layer);
  return layer.entries;
}

function debian(layer: Layer): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) layer.link(name, `usr/${name}`);
  for (const name of ['boot', 'home', 'media', 'mnt', 'opt', 'proc', 'srv', 'sys']) layer.directory(name);
  layer.directory('root', { mode: 0o700 });
  layer.directory('tmp', { mode: 0o1777 });
  for (const name of PACKAGES) {
    layer.file(`usr/share/doc/${name}/copyright`, 9 * KIB);
    layer.file(`usr/share/doc/${name}/changelog.Debian.gz`, 14 * KIB);
    for (const part of ['list', 'md5sums', 'postinst', 'shlibs']) layer.file(`var/lib/dpkg/info/${name}.${part}`, 1.4 * KIB);
    if (name.startsWith('lib')) {
      const library = `usr/lib/x86_64-linux-gnu/${name.replace(/\d+$/, '')}.so`;
      layer.file(`${library}.${number(name) % 9}.0.1`, 420 * KIB);
      layer.link(`${library}.${number(name) % 9}`, `${name.replace(/\d+$/, '')}.so.${number(name) % 9}.0.1`);
    } else {
      for (const tool of ['', '-check', '-query']) layer.file(`usr/bin/${name}${tool}`, 180 * KIB, { mode: 0o755 });
    }
  }
  for (const name of ['passwd', 'group', 'hosts', 'os-release', 'profile', 'fstab', 'shells']) layer.file(`etc/${name}`, 0.9 * KIB);
  layer.file('etc/shadow', 0.6 * KIB, { mode: 0o640, gid: 42 });
  layer.file('usr/bin/passwd-helper', 68 * KIB, { mode: 0o4755 });
  for (let at = 0; at < 140; at += 1) layer.file(`usr/share/zoneinfo/${['Africa', 'America', 'Asia', 'Europe', 'Pacific'][at % 5]}/Port_${at}`, 1.2 * KIB);
  for (let at = 0; at < 90; at += 1) layer.file(`usr/share/locale/${String.fromCharCode(97 + (at % 26), 97 + ((at * 7) % 26))}/LC_MESSAGES/base-${at}.mo`, 24 * KIB);
  layer.file('var/lib/dpkg/status', 88 * KIB);
  layer.file('var/log/dpkg.log', 120 * KIB);
}

function apt(layer: Layer): void {
  for (const name of ['ca-certificates', 'curl', 'libcurl4', 'libpq5', 'netbase', 'tzdata', 'libldap2', 'libssh2', 'libpython3', 'perl', 'gcc-12', 'binutils']) {
    layer.file(`var/cache/apt/archives/${name}_1.${number(name) % 20}_amd64.deb`, 1600 * KIB);
    layer.file(`usr/share/doc/${name}/NEWS.Debian.gz`, 8 * KIB);
    layer.file(`usr/lib/x86_64-linux-gnu/${name}.so.4`, 3100 * KIB);
  }
  for (let at = 0; at < 130; at += 1) layer.file(`usr/share/ca-certificates/mozilla/Harbour_Root_CA_${at}.crt`, 1.8 * KIB);
  for (let at = 0; at < 220; at += 1) layer.file(`usr/share/perl/5.36/unicore/lib/Range${at % 20}/Table${at}.pl`, 96 * KIB);
  layer.file('usr/lib/gcc/x86_64-linux-gnu/12/cc1', 31_000 * KIB, { mode: 0o755 });
  layer.file('var/lib/dpkg/status', 104 * KIB, { version: 1 });
  layer.file('var/log/dpkg.log', 240 * KIB, { version: 1 });
  layer.file('etc/hosts', 0.9 * KIB, { mode: 0o600 });
  layer.gone('usr/share/locale/ab/LC_MESSAGES/base-0.mo');
  layer.gone('usr/share/doc/tar', 'path');
}

function python(layer: Layer): void {
  layer.file('usr/local/bin/python3.12', 14 * KIB, { mode: 0o755 });
  layer.link('usr/local/bin/python', 'python3.12');
  layer.file('usr/local/lib/libpython3.12.so.1.0', 9800 * KIB, { mode: 0o755 });
  for (let at = 0; at < 600; at += 1) layer.file(`usr/local/lib/python3.12/${['asyncio', 'ctypes', 'email', 'encodings', 'http', 'json', 'lib2to3', 'test'][at % 8]}/module_${at}.py`, 22 * KIB);
  for (let at = 0; at < 60; at += 1) layer.file(`usr/local/lib/python3.12/lib-dynload/_native_${at}.cpython-312-x86_64-linux-gnu.so`, 190 * KIB, { mode: 0o755 });
  layer.file('usr/local/share/banner.png', 40 * KIB);
}

function requirements(layer: Layer): void {
  layer.varied('srv/app/requirements.txt', 2.2 * KIB);
}

function pip(layer: Layer): void {
  for (const name of MODULES) {
    const folder = `usr/local/lib/python3.12/site-packages/${name}`;
    const weight = 30 + (number(name) % 150);
    for (let at = 0; at < weight; at += 1) layer.varied(`${folder}/${['core', 'utils', 'tests', 'locale/en'][at % 4]}/part_${at}.py`, 26 * KIB);
    if (number(name) % 3 === 0) layer.varied(`${folder}.libs/lib${name}-blas.so`, 19_000 * KIB);
    layer.file(`root/.cache/pip/http/${number(name).toString(16)}`, 700 * KIB);
  }
  layer.file('usr/local/lib/python3.12/module_0.py', 21 * KIB);
  layer.file('etc/pip.conf', 0.2 * KIB);
}

function source(layer: Layer): void {
  for (let at = 0; at < 320; at += 1) layer.varied(`srv/app/storefront/${['cart', 'catalog', 'checkout', 'search', 'users'][at % 5]}/view_${at}.py`, 7 * KIB);
  for (let at = 0; at < 40; at += 1) layer.varied(`srv/app/static/img/harbour-${at}.png`, 42 * KIB);
  layer.varied('srv/app/README.md', 5 * KIB);
  layer.varied('srv/app/settings.json', 3 * KIB);
  layer.file('srv/app/.env', 0.4 * KIB, { mode: 0o600 });
  layer.file('srv/app/deploy/id_ed25519', 0.4 * KIB, { mode: 0o600 });
  layer.file('srv/app/deploy/service-account.json', 2.3 * KIB);
  layer.link('srv/app/current', '../../srv/app/storefront');
  layer.link('srv/app/outside', '../../../../etc/shadow', { flags: ['link-escapes'] });
  layer.file('srv/app/storefront/copy_of_view.py', 0, { type: 'hardlink', link: 'srv/app/storefront/cart/view_0.py' });
  layer.file('srv/app/run.pipe', 0, { type: 'fifo', size: 0 });
  odd(layer);
}

/** Names that a publisher chose to confuse whoever reads them. */
function odd(layer: Layer): void {
  const folder = 'srv/app/uploads';
  layer.file(`${folder}/<img src=x onerror=alert(1)>.png`, 12 * KIB);
  layer.file(`${folder}/invoice\u202Egnp.exe`, 90 * KIB, { mode: 0o755 });
  layer.file(`${folder}/line\nbreak\tand\u001b[31mred`, 1 * KIB);
  layer.file(`${folder}/\uFFFD\uFFFD\uFFFDname in Latin-1`, 1 * KIB);
  layer.file(`${folder}/${'very-long-name-'.repeat(40)}.txt`, 3 * KIB, { flags: ['cut'] });
  layer.file(`${folder}/up and away`, 2 * KIB, { flags: ['escapes', 'repeated'] });
}

function model(layer: Layer): void {
  layer.varied('srv/app/models/ranker-v4.bin', 44_000 * KIB);
}

function compile(layer: Layer): void {
  for (let at = 0; at < 320; at += 1) layer.varied(`srv/app/storefront/${['cart', 'catalog', 'checkout', 'search', 'users'][at % 5]}/__pycache__/view_${at}.cpython-312.pyc`, 9 * KIB);
  for (let at = 0; at < 60; at += 1) layer.varied(`srv/app/static/bundle/chunk-${number(`c${at}`).toString(16)}.js`, 130 * KIB);
  layer.gone('srv/app/static/img', 'opaque');
  for (let at = 0; at < 12; at += 1) layer.varied(`srv/app/static/img/harbour-${at}.png`, 18 * KIB);
  layer.gone('var/cache/apt/archives');
  layer.gone('root/.cache');
  layer.gone('srv/app/.env');
  layer.gone('srv/app/deploy');
  layer.file('srv/app/settings.json', 4 * KIB, { version: 9 });
  layer.file('etc/hosts', 0.9 * KIB, { mode: 0o644 });
}
