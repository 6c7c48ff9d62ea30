# RUN apt-get update && apt-get install tzdata/oldstable less/oldstable cpio/oldstable nano iputils-ping libcap2-bin openssl file ca-certificates && rm -rf /var/lib/apt/lists/*
. "$RECIPES/inside.sh"
apt_settings
# The release before gives versions that the next step can surely upgrade.
cat > "$ROOT/etc/apt/sources.list" <<'LIST'
deb http://deb.debian.org/debian stable main
deb http://deb.debian.org/debian oldstable main
LIST
apt update
apt install -y --no-install-recommends --allow-downgrades tzdata/oldstable less/oldstable cpio/oldstable \
    nano iputils-ping libcap2-bin openssl file ca-certificates
rm -rf "$ROOT"/var/lib/apt/lists/*
