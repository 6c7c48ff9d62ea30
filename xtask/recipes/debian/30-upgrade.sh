# RUN apt-get update && apt-get dist-upgrade && apt-get install --reinstall diffutils
. "$RECIPES/inside.sh"
cat > "$ROOT/etc/apt/sources.list" <<'LIST'
deb http://deb.debian.org/debian stable main
deb http://deb.debian.org/debian stable-updates main
deb http://deb.debian.org/debian-security stable-security main
LIST
apt update
apt dist-upgrade -y --no-install-recommends
apt install -y --reinstall diffutils
