# RUN apt-get update && apt-get dist-upgrade && apt-get install --reinstall diffutils && rm -rf /var/lib/apt/lists/*
. "$RECIPES/inside.sh"
rm "$ROOT/etc/apt/sources.list.d/before.list"
# Mirrors have the fixes beside the release.
sed -n 's/ stable / stable-updates /p; s,/debian/* stable-updates ,/debian-security stable-security ,p' "$ROOT/etc/apt/sources.list" \
    > "$ROOT/etc/apt/sources.list.d/fixes.list"
apt update
apt dist-upgrade -y --no-install-recommends
apt install -y --reinstall diffutils
rm -rf "$ROOT"/var/lib/apt/lists/*
