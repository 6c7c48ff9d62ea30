# RUN apt-get update && apt-get install tzdata/oldstable less/oldstable cpio/oldstable nano iputils-ping libcap2-bin openssl file ca-certificates && rm -rf /var/lib/apt/lists/*
. "$RECIPES/inside.sh"
apt_settings
# The release before gives versions that the next step can surely upgrade.
sed 's/ stable / oldstable /' "$ROOT/etc/apt/sources.list" > "$ROOT/etc/apt/sources.list.d/before.list"
apt update
apt install -y --no-install-recommends --allow-downgrades tzdata/oldstable less/oldstable cpio/oldstable \
    nano iputils-ping libcap2-bin openssl file ca-certificates
rm -rf "$ROOT"/var/lib/apt/lists/*
