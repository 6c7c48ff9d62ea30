# RUN apt-get update && apt-get dist-upgrade && apt-get install --reinstall diffutils && rm -rf /var/lib/apt/lists/*
. "$RECIPES/inside.sh"
cat > "$ROOT/etc/apt/sources.list" <<'LIST'
deb http://deb.debian.org/debian stable main
deb http://deb.debian.org/debian stable-updates main
deb http://deb.debian.org/debian-security stable-security main
LIST
apt update
apt dist-upgrade -y --no-install-recommends
apt install -y --reinstall diffutils
rm -rf "$ROOT"/var/lib/apt/lists/*
