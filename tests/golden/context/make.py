"""Asks azure-cli which files of a fixed tree it packs under many ignore files."""
import json, os, random, sys, tarfile, tempfile, logging
logging.disable(logging.CRITICAL)
from azure.cli.command_modules.acr import _archive_utils as a
from azure.cli.core import __version__

FILES = """a.txt b.log c.md Dockerfile .env .gitignore .git/HEAD .git/refs/heads/main bzrignore
src/main.rs src/a.txt src/b.log src/deep/er/a.txt src/deep/er/b.log src/deep/c.md
node_modules/x/index.js node_modules/.bin/tool src/node_modules/y/index.js
build/out.o build/keep/out.o docs/a.txt docs/.git/HEAD docs/.gitignore docs/x/y/z.txt .venv/bin/python src/.venv/lib/x
foo foo.bar fooXbar a+b.txt (x).txt .svn/entries img/1.png img/22.png img/é.png img/a-b.png""".split()
RULES = ["*", "**", "*.txt", "**/*.txt", "*/*.txt", "src", "src/", "/src", "src/*", "src/**", "**/src", "node_modules", "**/node_modules",
 "!src/a.txt", "!**/a.txt", "!src", "!src/**", "!/src/", "!src/deep/er", "!*.md", "!build/keep", "build", "build/**", "!.git", "!.git/**", "!.git/HEAD", ".git",
 "*.log", "**/*.log", "!b.log", "docs/x", "!docs/x/y", "docs", "foo.bar", "foo?bar", "f*", "*oo", "img/?.png", "img/??.png", "img/[0-9].png", "img/[a-z]*", "img/[^0-9]*",
 "!img/é.png", "# comment", "", "   ", " src", "src   ", "Dockerfile", "!Dockerfile", "*file", ".*", "!.*", ".env", "**/.venv", "!.venv", "!.venv/**", "a.txt", "s*c/*/e?", "**/deep/**", "src/**/a.txt", "!src/**/a.txt", "***", "!!a.txt", "!**/"]
OWN = ["Dockerfile"]

def case(base, text, own):
    for name in (".dockerignore", "Dockerfile.dockerignore"):
        p = os.path.join(base, name)
        if os.path.exists(p): os.remove(p)
    with open(os.path.join(base, "Dockerfile.dockerignore" if own else ".dockerignore"), "wb") as f: f.write(text)
    out = os.path.join(tempfile.gettempdir(), "gold.tar.gz")
    cwd = os.getcwd(); os.chdir(base)
    try: a._pack_source_code(base, out, "Dockerfile", "0123_Dockerfile")
    finally: os.chdir(cwd)
    with tarfile.open(out) as t: names = sorted(m.name.rstrip("/") for m in t.getmembers())
    return [n for n in names if n not in ("", "0123_Dockerfile")]

random.seed(int(sys.argv[1]))
with tempfile.TemporaryDirectory() as base:
    for f in FILES:
        p = os.path.join(base, f); os.makedirs(os.path.dirname(p), exist_ok=True); open(p, "w").close()
    texts = [b"", b"\xef\xbb\xbfa.txt\n", b"*\r\n!src/**\r\n", b"node_modules\n.git\n**/*.log\n!b.log", b"*\n!src\n!Dockerfile\n", b"**\n!src/**/a.txt\nsrc/deep\n!src/deep/er"]
    texts += ["\n".join(random.choice(RULES) for _ in range(random.choice([1,1,2,3,4,6,9]))).encode() for _ in range(int(sys.argv[2]))]
    for i, text in enumerate(texts):
        own = i % 5 == 4
        print(json.dumps({"rules": text.decode(), "own": own, "packed": case(base, text, own)}, ensure_ascii=False))
